"""`{{ session.user_agent|device }}`."""

from django import template

from reperform.accounts.devices import device

register = template.Library()
register.filter("device", device)
