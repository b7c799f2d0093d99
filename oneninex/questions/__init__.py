"""Questions in Chinese and English, read by rules and answered from named queries.

`reading.understand` turns a sentence into a measure, a place, a period and what is asked, or says
which words it does not understand. `answers.answer` asks the queries of one audience and snapshot.
Nothing is guessed: a content word that is not understood means asking back.
"""

from oneninex.questions.answers import Answer, Session, answer
from oneninex.questions.reading import Declined, Understanding, understand
from oneninex.questions.vocabulary import Vocabulary

__all__ = ["Answer", "Declined", "Session", "Understanding", "Vocabulary", "answer", "understand"]
