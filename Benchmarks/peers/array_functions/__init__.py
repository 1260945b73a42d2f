"""The functions of workloads.json for Dr.Jit: arrays of all examples."""
from .examples import mandelbrot, nearest, skewed_while
from .inference import kalman, logistic_fit
from .no_u_turn import no_u_turn
from .simulation import cartpole, lorenz, van_der_pol

FUNCTIONS = {
    function.__name__: function
    for function in (
        mandelbrot, skewed_while, nearest, lorenz, cartpole, van_der_pol, kalman, logistic_fit,
        no_u_turn)
}
