"""Removes the standard streams whose descriptors were closed when the process started, as python3 does.

.NET opens its own files before Python starts, and these get the free descriptors 0, 1 and 2. They are not inherited by other programs, whereas the
descriptors that a process starts with always are.
"""

import os
import sys

for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
    original = getattr(sys, f"__{name}__")
    if original is not None and not os.get_inheritable(descriptor):
        setattr(sys, f"__{name}__", None)
        if getattr(sys, name) is original:
            setattr(sys, name, None)
