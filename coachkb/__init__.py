"""coachkb: sales-coaching articles in, the right lesson in the terminal out.

The Python API is one object, ``coachkb.KnowledgeBase``; it is imported when first asked for, so that
``import coachkb`` costs nothing.
"""

__version__ = "0.1.0"
__all__ = ["KnowledgeBase", "__version__"]

TYPE_CHECKING = False  # as typing has it, without the cost of importing it
if TYPE_CHECKING:
    from coachkb.kb import KnowledgeBase
else:

    def __getattr__(name: str) -> object:
        if name == "KnowledgeBase":
            from coachkb.kb import KnowledgeBase

            return KnowledgeBase
        raise AttributeError(f"module 'coachkb' has no attribute {name!r}")
