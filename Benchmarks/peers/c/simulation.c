// Simulations: what a loop makes of a state.
#include "lanes.h"
#include "random.h"

typedef struct {
  float x, y, z;
} Point;

static inline Point slope(Point s) {
  return (Point){10 * (s.y - s.x), s.x * (28 - s.z) - s.y, s.x * s.y - 8.0f / 3 * s.z};
}

static inline Point along(Point s, float h, Point d) {
  return (Point){s.x + h * d.x, s.y + h * d.y, s.z + h * d.z};
}

void lorenz(const long *lengths, float *result, const float *states) {
  const float h = 0.002f;
#pragma omp parallel for schedule(dynamic, 4)
  for (long block = 0; block < BLOCKS(lengths[0]); block++) {
    const long first = block_start(block, lengths[0]);
    float x[LANES], y[LANES], z[LANES];
    const float *source = states + 3 * first;
    EACH_LANE { x[l] = source[3 * l], y[l] = source[3 * l + 1], z[l] = source[3 * l + 2]; }
    for (int step = 0; step < 1000; step++) {
      EACH_LANE {
        const Point s = {x[l], y[l], z[l]};
        const Point a = slope(s), b = slope(along(s, h / 2, a)), c = slope(along(s, h / 2, b));
        const Point d = slope(along(s, h, c));
        x[l] = s.x + h / 6 * (a.x + 2 * b.x + 2 * c.x + d.x);
        y[l] = s.y + h / 6 * (a.y + 2 * b.y + 2 * c.y + d.y);
        z[l] = s.z + h / 6 * (a.z + 2 * b.z + 2 * c.z + d.z);
      }
    }
    float *target = result + 3 * first;
    EACH_LANE { target[3 * l] = x[l], target[3 * l + 1] = y[l], target[3 * l + 2] = z[l]; }
  }
}

void cartpole(const long *lengths, int32_t *result, const uint32_t *keys, const float *starts) {
#pragma omp parallel for schedule(dynamic, 4)
  for (long block = 0; block < BLOCKS(lengths[0]); block++) {
    const long first = block_start(block, lengths[0]);
    float start[4][LANES], state[4][LANES];
    uint32_t high[LANES], low[LANES];
    int32_t falls[LANES];
    EACH_LANE {
      for (int i = 0; i < 4; i++) state[i][l] = start[i][l] = 0.02f * starts[4 * (first + l) + i];
      high[l] = keys[2 * (first + l)], low[l] = keys[2 * (first + l) + 1];
      falls[l] = 0;
    }
    for (int step = 0; step < 200; step++) {
      EACH_LANE {
        const float force = bits((Key){high[l], low[l]}, step) & 1 ? 10.0f : -10.0f;
        const float x = state[0][l], v = state[1][l], angle = state[2][l], spin = state[3][l];
        // Not cosf: GCC would join the two to one function, of which it has no vectors.
        const float sine = sinf(angle), cosine = sinf(angle + 1.57079633f);
        const float push = (force + 0.05f * spin * spin * sine) / 1.1f;
        const float turn =
            (9.8f * sine - cosine * push) / (0.5f * (4.0f / 3 - 0.1f * cosine * cosine / 1.1f));
        const float speed_up = push - 0.05f * turn * cosine / 1.1f;
        const float nx = x + 0.02f * v, nv = v + 0.02f * speed_up;
        const float nangle = angle + 0.02f * spin, nspin = spin + 0.02f * turn;
        const int fallen = (fabsf(nx) > 2.4f) | (fabsf(nangle) > 0.2095f);
        state[0][l] = fallen ? start[0][l] : nx;
        state[1][l] = fallen ? start[1][l] : nv;
        state[2][l] = fallen ? start[2][l] : nangle;
        state[3][l] = fallen ? start[3][l] : nspin;
        falls[l] += fallen;
      }
    }
    EACH_LANE result[first + l] = falls[l];
  }
}

void van_der_pol(const long *lengths, float *result, const float *mus) {
  const float end = 10, tolerance = 1e-4f;
#pragma omp parallel for schedule(dynamic, 4)
  for (long block = 0; block < BLOCKS(lengths[0]); block++) {
    const long first = block_start(block, lengths[0]);
    float t[LANES], x[LANES], v[LANES], h[LANES], errors[LANES];
    EACH_LANE { t[l] = 0, x[l] = 2, v[l] = 0, h[l] = 0.01f; }
    for (int going = 1; going;) {
      going = 0;
      EACH_LANE {
        const float mu = mus[first + l], px = x[l], pv = v[l], s = fminf(h[l], end - t[l]);
        const int active = t[l] < end;
        const float ax = pv, av = mu * (1 - px * px) * pv - px;
        const float qx = px + s / 2 * ax, bx = pv + s / 2 * av, bv = mu * (1 - qx * qx) * bx - qx;
        const float rx = px + 0.75f * s * bx, cx = pv + 0.75f * s * bv;
        const float cv = mu * (1 - rx * rx) * cx - rx;
        const float nx = px + s / 9 * (2 * ax + 3 * bx + 4 * cx);
        const float nv = pv + s / 9 * (2 * av + 3 * bv + 4 * cv);
        const float dx = nv, dv = mu * (1 - nx * nx) * nv - nx;
        const float ex = s / 72 * (-5 * ax + 6 * bx + 8 * cx - 9 * dx);
        const float ev = s / 72 * (-5 * av + 6 * bv + 8 * cv - 9 * dv);
        const float excess = fmaxf(fabsf(ex), fabsf(ev)) / tolerance;
        errors[l] = fmaxf(excess, 1e-6f);
        const int good = (excess <= 1) & active;
        t[l] = good ? t[l] + s : t[l];
        x[l] = good ? nx : px;
        v[l] = good ? nv : pv;
        h[l] = s;
      }
      EACH_LANE going |= t[l] < end;
      // The power in loops of its own: GCC would make a cube root of it, which it has no vectors of.
      EACH_LANE errors[l] = logf(errors[l]);
      EACH_LANE h[l] *= fminf(fmaxf(0.9f * expf(-1.0f / 3 * errors[l]), 0.2f), 5);
    }
    EACH_LANE { result[2 * (first + l)] = x[l], result[2 * (first + l) + 1] = v[l]; }
  }
}
