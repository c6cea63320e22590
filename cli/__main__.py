"""python -m dcplan.cli"""

from . import main

main()
