"""Questions whose secrets stay out of everything that is kept about them."""

from collections.abc import Iterator
from dataclasses import replace

from reperform.connectors.answer import Answer, NotCollectedError, Question
from reperform.connectors.settings import Access


def discreet(question: Question, access: Access) -> Question:
    """Return the question with the secrets of `access` taken out of all that is said of it.

    The bytes of answers stay as they came.
    """

    def ask() -> Iterator[Answer]:
        try:
            for answer in question.ask():
                yield replace(
                    answer,
                    name=access.hide(answer.name),
                    asked=access.hide(answer.asked),
                    refused=access.hide(answer.refused),
                    absent=access.hide(answer.absent),
                )
        except NotCollectedError as error:
            raise without_secrets(error, access) from None

    return replace(
        question,
        target=access.hide(question.target),
        parameters={name: access.hide(value) for name, value in question.parameters.items()},
        ask=ask,
    )


def without_secrets(error: NotCollectedError, access: Access) -> NotCollectedError:
    """Return the refusal with the secrets of `access` taken out."""
    hidden = NotCollectedError(
        access.hide(error.what),
        why=access.hide(error.why),
        todo=[access.hide(line) for line in error.todo],
    )
    hidden.slug = error.slug  # type: ignore[misc]  # the page of errors explains it by its own name
    return hidden
