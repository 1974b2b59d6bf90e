"""Where the bundled program begins; it is the Python of its other processes, too, for there is no other."""

import sys
from multiprocessing import freeze_support

if __name__ == "__main__":
    freeze_support()  # a worker of engine/machine goes no further
    if sys.argv[1:2] == [
        "-c"
    ]:  # a job, or the question for the system's theme, as Python itself would take it
        code = sys.argv[2]
        del sys.argv[1:3]
        exec(compile(code, "<string>", "exec"), {"__name__": "__main__"})
    else:
        from app.cli import main

        raise SystemExit(main())
