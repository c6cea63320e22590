"""Every hour of every year, to a proven gap: regularised Benders decomposition (Benders 1962; in-out separation of Ben-Ameur and Neto 2007).

1. The sampled plan is operated over all hours: a first plan, first cuts.
2. Linear relaxation: the master proposes, a point between its proposal and the best point so far is operated, its tangents are added.
3. Integers: the master with its cuts is solved to a plan in whole units, which is operated: a plan and more cuts, until the bounds meet.
"""
import os, time
import numpy as np
from . import highs
from .master import *
from .years import operate
