// Random numbers from keys, those of JAX: Threefry-2x32, its bits, uniform and normal numbers.
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>

typedef struct {
  uint32_t high, low;
} Key;

static inline uint32_t turned(uint32_t x, int by) { return x << by | x >> (32 - by); }

static inline Key threefry(Key key, uint32_t high, uint32_t low) {
  static const int turns[2][4] = {{13, 15, 26, 6}, {17, 29, 16, 24}};
  const uint32_t keys[3] = {key.high, key.low, key.high ^ key.low ^ 0x1BD11BDA};
  uint32_t a = high + keys[0], b = low + keys[1];
#pragma GCC unroll 5
  for (int round = 0; round < 5; round++) {
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
      a += b;
      b = turned(b, turns[round % 2][i]) ^ a;
    }
    a += keys[(round + 1) % 3];
    b += keys[(round + 2) % 3] + round + 1;
  }
  return (Key){a, b};
}

static inline uint32_t bits(Key key, uint32_t index) {
  const Key words = threefry(key, 0, index);
  return words.high ^ words.low;
}

static inline Key fold_in(Key key, uint32_t number) { return threefry(key, 0, number); }

// From 0 to 1, which is not reached.
static inline float uniform(Key key, uint32_t index) {
  const uint32_t mantissa = bits(key, index) >> 9 | 0x3F800000;
  float result;
  memcpy(&result, &mantissa, sizeof result);
  return result - 1;
}

// The inverse of the error function by two polynomials (Giles, 2010).
static inline float erf_inverse(float x) {
  static const float near[] = {2.81022636e-08f, 3.43273939e-07f, -3.5233877e-06f,
                               -4.39150654e-06f, 0.00021858087f, -0.00125372503f,
                               -0.00417768164f, 0.246640727f, 1.50140941f};
  static const float far[] = {-0.000200214257f, 0.000100950558f, 0.00134934322f,
                              -0.00367342844f, 0.00573950773f, -0.0076224613f,
                              0.00943887047f, 1.00167406f, 2.83297682f};
  const float w = -log1pf(-x * x);
  const float *terms = w < 5 ? near : far;
  const float t = w < 5 ? w - 2.5f : sqrtf(w) - 3;
  float sum = terms[0];
  for (int i = 1; i < 9; i++) sum = sum * t + terms[i];
  return sum * x;
}

static inline float normal(Key key, uint32_t index) {
  const float low = -0.99999994f;
  const float u = fmaxf(low, uniform(key, index) * (1 - low) + low);
  return 1.41421356f * erf_inverse(u);
}
