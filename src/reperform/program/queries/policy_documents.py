"""A version of a policy, handed out: as its Markdown file, and what stands on its document."""

from reperform.program.models import Policy, PolicyVersion
from reperform.program.policies.markdown import PolicyFile, write_policy_file
from reperform.program.queries.policies import version_text


def markdown_of(policy: Policy, version: PolicyVersion) -> str:
    """Return a version as a Markdown file, with its placeholders filled."""
    others = {
        "version": version.number,
        "approved_by": version.approved_by or None,
        "effective_on": version.effective_on.isoformat() if version.effective_on else None,
        "sha256": version.sha256,
    }
    file = PolicyFile(
        id=policy.key,
        title=policy.title,
        text=version_text(version).filled,
        others={name: value for name, value in others.items() if value is not None},
    )
    return write_policy_file(file)
