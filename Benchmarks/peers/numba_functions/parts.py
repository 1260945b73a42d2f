"""How functions are compiled."""
import numpy as np
from numba import njit

f32, u32 = np.float32, np.uint32
compiled = njit(fastmath=True, parallel=True)
