#!/usr/bin/env python3
"""auditwheel repair, with everything in the wheel that a machine with nothing but Python may lack.

  tools/repair_wheel.py WHEEL OUTPUT-FOLDER

The manylinux rules take X11, zlib and expat for granted; a server or a container has no X11, with which Debian's cairo is
linked. Needs auditwheel and patchelf.
"""

import sys
from dataclasses import replace

from auditwheel import main
from auditwheel.policy import WheelPolicies

NOT_FOR_GRANTED = ("libX11", "libXext", "libXrender", "libICE", "libSM", "libz.", "libexpat", "libglib", "libgobject", "libgthread", "libGL")

make = WheelPolicies.__init__


def make_without(self, *arguments, **keywords):
    make(self, *arguments, **keywords)
    self._policies = [
        replace(each, whitelist=frozenset(name for name in each.whitelist if not name.startswith(NOT_FOR_GRANTED)))
        for each in self._policies
    ]


if __name__ == "__main__":
    wheel, folder = sys.argv[1:]
    WheelPolicies.__init__ = make_without
    sys.argv = ["auditwheel", "repair", "--strip", "--wheel-dir", folder, wheel]
    sys.exit(main.main())
