// The No-U-Turn sampler, without recursion, a chain at a time: see the other sides'.
#include "random.h"

enum { SIZE = 8, DRAWS = 8, DEPTH = 5 };
static const float STEP = 0.15f;

#define EACH for (int k = 0; k < SIZE; k++)

static float log_density(const float *q) {
  float sum = 0;
  for (int k = 0; k < 4; k++) {
    const float u = q[k + 4] - q[k] * q[k];
    sum += q[k] * q[k] + 4 * u * u;
  }
  return -0.5f * sum;
}

// Moves a momentum by half a step's push.
static void push(float *r, const float *q, float by) {
  for (int k = 0; k < 4; k++) {
    const float u = q[k + 4] - q[k] * q[k];
    r[k] += by * (8 * q[k] * u - q[k]);
    r[k + 4] -= by * 4 * u;
  }
}

static float dot(const float *a, const float *b) {
  float sum = 0;
  EACH sum += a[k] * b[k];
  return sum;
}

static int is_turning(const float *left, const float *right, const float *total) {
  float middle[SIZE];
  EACH middle[k] = total[k] - (left[k] + right[k]) / 2;
  return dot(left, middle) <= 0 || dot(right, middle) <= 0;
}

static float log_uniform(Key key, uint32_t number) {
  return logf(uniform(fold_in(key, number), 0));
}

static float log_add(float a, float b) {
  return fmaxf(a, b) + log1pf(expf(-fabsf(a - b)));
}

// Goes on from an end; gives whether the tree that grows is over.
static int grow(Key key, float energy, int depth, float direction, float *q, float *r, float *drawn,
                float *weight, float *total) {
  const int count = 1 << depth;
  float lefts[DEPTH][SIZE], totals[DEPTH][SIZE];
  *weight = -1e30f;
  EACH total[k] = 0;
  for (int i = 0; i < count; i++) {
    push(r, q, 0.5f * STEP * direction);
    EACH q[k] += STEP * direction * r[k];
    push(r, q, 0.5f * STEP * direction);
    const float gain = energy + log_density(q) - 0.5f * dot(r, r);
    *weight = log_add(*weight, gain);
    if (log_uniform(key, 63 + count + i) < gain - *weight) EACH drawn[k] = q[k];
    EACH total[k] += r[k];
    const int last = __builtin_popcount(i >> 1);
    const int first = last + 1 - __builtin_popcount((~i & (i + 1)) - 1);
    if (i % 2 == 0) EACH { lefts[last][k] = r[k], totals[last][k] = total[k]; }
    for (int n = last; n >= first; n--) {
      float part[SIZE];
      EACH part[k] = total[k] - totals[n][k] + lefts[n][k];
      if (is_turning(lefts[n], r, part)) return 1;
    }
    if (!(gain > -1000)) return 1;
  }
  return 0;
}

static void draw(Key key, float *q) {
  float ends[2][2][SIZE], total[SIZE], weight = 0;
  EACH ends[0][0][k] = ends[1][0][k] = q[k];
  const Key momentum = fold_in(key, 0);
  EACH ends[0][1][k] = ends[1][1][k] = total[k] = normal(momentum, k);
  const float energy = 0.5f * dot(total, total) - log_density(q);
  for (int depth = 0; depth < DEPTH; depth++) {
    const int right = log_uniform(key, 1 + 2 * depth) < logf(0.5f);
    float drawn[SIZE] = {0}, grown_weight, grown_total[SIZE];
    const int is_over = grow(key, energy, depth, right ? 1 : -1, ends[right][0], ends[right][1],
                             drawn, &grown_weight, grown_total);
    if (!is_over && log_uniform(key, 2 + 2 * depth) < grown_weight - weight) EACH q[k] = drawn[k];
    weight = log_add(weight, grown_weight);
    EACH total[k] += grown_total[k];
    if (is_over || is_turning(ends[0][1], ends[1][1], total)) return;
  }
}

void no_u_turn(const long *lengths, float *result, const uint32_t *keys, const float *starts) {
#pragma omp parallel for schedule(dynamic, 16)
  for (long chain = 0; chain < lengths[0]; chain++) {
    float *q = result + SIZE * chain;
    EACH q[k] = 0.5f * starts[SIZE * chain + k];
    const Key key = {keys[2 * chain], keys[2 * chain + 1]};
    for (int i = 0; i < DRAWS; i++) draw(fold_in(key, i), q);
  }
}
