"""The images of a manuscript without what they tell of a person or a place."""

from dataclasses import replace

from usecases.cleaning import clean_image
from usecases.manuscripts.forms import Book, Manuscript


def embedded_name(number: int, where: str) -> str:
    """What an image that stands in a file is called: by its number, and by the file's name."""
    return f"Image {number} of {where}"


def chapter_name(number: int) -> str:
    """What a chapter of a book is called where one of its images is meant."""
    return f"chapter {number}"


def with_clean_images(manuscript: Manuscript, where: str) -> Manuscript:
    """A manuscript whose images are clean.

    Raises:
        UnacceptableImageError: one of them is broken.
    """
    clean = (
        replace(one, data=clean_image(one.data, embedded_name(number, where)))
        for number, one in enumerate(manuscript.images, start=1)
    )
    return replace(manuscript, images=tuple(clean))


def book_with_clean_images(book: Book) -> Book:
    """A book whose images are clean.

    Raises:
        UnacceptableImageError: one of them is broken.
    """
    chapters = (
        replace(one, manuscript=with_clean_images(one.manuscript, chapter_name(number)))
        for number, one in enumerate(book.chapters, start=1)
    )
    return replace(book, chapters=tuple(chapters))
