// Inference: what data tell.
#include "lanes.h"

enum { LENGTH = 50, ROWS = 200, WEIGHTS = 6 };

void kalman(const long *lengths, float *result, const float *noises, const float *measurements) {
#pragma omp parallel for schedule(dynamic, 4)
  for (long block = 0; block < BLOCKS(lengths[0]); block++) {
    const long first = block_start(block, lengths[0]);
    float mean[4][LANES], p[4][4][LANES];
    for (int i = 0; i < 4; i++) {
      EACH_LANE mean[i][l] = 0;
      for (int j = 0; j < 4; j++) EACH_LANE p[i][j][l] = i == j ? 100 : 0;
    }
    for (int step = 0; step < LENGTH; step++) {
      // Positions move by velocities: rows of the covariance, then its columns.
      for (int i = 0; i < 2; i++) {
        EACH_LANE mean[i][l] += mean[i + 2][l];
        for (int j = 0; j < 4; j++) EACH_LANE p[i][j][l] += p[i + 2][j][l];
      }
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 2; j++) EACH_LANE p[i][j][l] += p[i][j + 2][l];
        EACH_LANE p[i][i][l] += 0.02f;
      }
      // What is seen is where it is.
      float dx[LANES], dy[LANES], inverse[2][2][LANES], gain[4][2][LANES], seen[4][2][LANES];
      const float *measured = measurements + (first * LENGTH + step) * 2;
      EACH_LANE {
        const float noise = noises[first + l] * noises[first + l];
        dx[l] = measured[l * LENGTH * 2] - mean[0][l];
        dy[l] = measured[l * LENGTH * 2 + 1] - mean[1][l];
        const float a = p[0][0][l] + noise, b = p[0][1][l], c = p[1][0][l], d = p[1][1][l] + noise;
        const float scale = 1 / (a * d - b * c);
        inverse[0][0][l] = d * scale, inverse[0][1][l] = -b * scale;
        inverse[1][0][l] = -c * scale, inverse[1][1][l] = a * scale;
      }
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 2; j++) {
          EACH_LANE {
            seen[i][j][l] = p[i][j][l];
            gain[i][j][l] = p[i][0][l] * inverse[0][j][l] + p[i][1][l] * inverse[1][j][l];
          }
        }
        EACH_LANE mean[i][l] += gain[i][0][l] * dx[l] + gain[i][1][l] * dy[l];
      }
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
          EACH_LANE p[i][j][l] -= gain[i][0][l] * seen[j][0][l] + gain[i][1][l] * seen[j][1][l];
        }
      }
      float *found = result + (first * LENGTH + step) * 2;
      EACH_LANE { found[l * LENGTH * 2] = mean[0][l], found[l * LENGTH * 2 + 1] = mean[1][l]; }
    }
  }
}

// Solves a x = b for a symmetric a, of which the lower triangle is read, by its Cholesky factor.
static void solve(float a[WEIGHTS][WEIGHTS], float b[WEIGHTS]) {
  for (int i = 0; i < WEIGHTS; i++) {
    for (int j = 0; j <= i; j++) {
      for (int k = 0; k < j; k++) a[i][j] -= a[i][k] * a[j][k];
      a[i][j] = i == j ? sqrtf(a[i][i]) : a[i][j] / a[j][j];
    }
    for (int k = 0; k < i; k++) b[i] -= a[i][k] * b[k];
    b[i] /= a[i][i];
  }
  for (int i = WEIGHTS - 1; i >= 0; i--) {
    for (int k = i + 1; k < WEIGHTS; k++) b[i] -= a[k][i] * b[k];
    b[i] /= a[i][i];
  }
}

void logistic_fit(const long *lengths, float *result, const float *xs, const int32_t *labels) {
#pragma omp parallel for
  for (long fit = 0; fit < lengths[0]; fit++) {
    float x[WEIGHTS][ROWS], *weights = result + WEIGHTS * fit;
    for (int i = 0; i < WEIGHTS; i++) {
      for (int row = 0; row < ROWS; row++) x[i][row] = xs[(fit * ROWS + row) * WEIGHTS + i];
      weights[i] = 0;
    }
    float change = 1;
    for (int step = 0; change > 1e-4f && step < 20; step++) {
      float missing[ROWS], spread[ROWS], hessian[WEIGHTS][WEIGHTS], next[WEIGHTS];
      for (int row = 0; row < ROWS; row++) {
        float sum = 0;
        for (int i = 0; i < WEIGHTS; i++) sum += x[i][row] * weights[i];
        const float p = 1 / (1 + expf(-sum));
        missing[row] = labels[fit * ROWS + row] - p;
        spread[row] = p * (1 - p);
      }
      for (int i = 0; i < WEIGHTS; i++) {
        next[i] = -0.1f * weights[i];
        for (int row = 0; row < ROWS; row++) next[i] += x[i][row] * missing[row];
        for (int j = 0; j <= i; j++) {
          float sum = i == j ? 0.1f : 0;
          for (int row = 0; row < ROWS; row++) sum += x[i][row] * spread[row] * x[j][row];
          hessian[i][j] = sum;
        }
      }
      solve(hessian, next);
      change = 0;
      for (int i = 0; i < WEIGHTS; i++) {
        weights[i] += next[i];
        change = fmaxf(change, fabsf(next[i]));
      }
    }
  }
}
