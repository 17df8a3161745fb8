"""Reads a wheel's METADATA as packaging tools do: as the headers of a mail."""

import email.parser
import email.policy


def read(text):
    message = email.parser.Parser(policy=email.policy.compat32).parsestr(text)
    return [[name, str(value)] for name, value in message.items()], message.get_payload(), [type(defect).__name__ for defect in message.defects]
