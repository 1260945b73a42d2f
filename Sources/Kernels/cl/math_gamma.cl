// sin(pi h) for h in [0, 0.5].
static F vm_sin_pi_f32(F h) {
  F s = vm_sin_poly(h * 0x1.921fb6p1f), c = vm_cos_poly((0.5f - h) * 0x1.921fb6p1f);
  return SEL(c, s, h < 0.25f);
}

static F vm_sin_pi_f64(F h) {
  F s = vm_sin_poly(h * 0x1.921fb54442d18p1), c = vm_cos_poly((0.5 - h) * 0x1.921fb54442d18p1);
  return SEL(c, s, h < 0.25);
}

// lgamma(1.5 + t) over its zeros' factors, t - 0.5 and t + 0.5, for t in [-0.75, 0.75].
static F vm_lgamma_core_f32(F t) {
  F p = (F)(0x1.37e8dep-11f);
  p = fma(p, t, (F)(-0x1.f3e02ep-11f));
  p = fma(p, t, (F)(0x1.d5dfb4p-12f));
  p = fma(p, t, (F)(-0x1.86beecp-11f));
  p = fma(p, t, (F)(0x1.0886ap-9f));
  p = fma(p, t, (F)(-0x1.b8decp-9f));
  p = fma(p, t, (F)(0x1.63e02cp-8f));
  p = fma(p, t, (F)(-0x1.34036cp-7f));
  p = fma(p, t, (F)(0x1.133906p-6f));
  p = fma(p, t, (F)(-0x1.007e8ap-5f));
  p = fma(p, t, (F)(0x1.01af5cp-4f));
  p = fma(p, t, (F)(-0x1.2aedp-3f));
  return fma(p, t, (F)(0x1.eeb95cp-2f));
}

static F vm_lgamma_core_f64(F t) {
  F p = (F)(-0x1.eee06d087ad6bp-20);
  p = fma(p, t, (F)(0x1.7ec51f42a97e7p-19));
  p = fma(p, t, (F)(0x1.7d9428dccb5ap-19));
  p = fma(p, t, (F)(-0x1.2630f80df0a89p-18));
  p = fma(p, t, (F)(-0x1.9254dd67ba2c7p-18));
  p = fma(p, t, (F)(0x1.37c5d9ba8a49p-17));
  p = fma(p, t, (F)(-0x1.44fa181e321c6p-20));
  p = fma(p, t, (F)(0x1.0848bdc179238p-19));
  p = fma(p, t, (F)(-0x1.97aae221eedb2p-17));
  p = fma(p, t, (F)(0x1.4020509a94158p-16));
  p = fma(p, t, (F)(-0x1.b2413b422f511p-16));
  p = fma(p, t, (F)(0x1.57c3ba599b084p-15));
  p = fma(p, t, (F)(-0x1.16a6807261051p-14));
  p = fma(p, t, (F)(0x1.bbce9ef8b5317p-14));
  p = fma(p, t, (F)(-0x1.6227c29186117p-13));
  p = fma(p, t, (F)(0x1.1c6c2346e9a99p-12));
  p = fma(p, t, (F)(-0x1.cb46026fffac7p-12));
  p = fma(p, t, (F)(0x1.750b5b2612c7ap-11));
  p = fma(p, t, (F)(-0x1.313e85a829eebp-10));
  p = fma(p, t, (F)(0x1.f814b398e7d35p-10));
  p = fma(p, t, (F)(-0x1.a5035248e5ae5p-9));
  p = fma(p, t, (F)(0x1.64f0665d8a681p-8));
  p = fma(p, t, (F)(-0x1.34dbda147a9aep-7));
  p = fma(p, t, (F)(0x1.13342352690c7p-6));
  p = fma(p, t, (F)(-0x1.007aa83cee296p-5));
  p = fma(p, t, (F)(0x1.01af62a292a75p-4));
  p = fma(p, t, (F)(-0x1.2aed059bd608ap-3));
  return fma(p, t, (F)(0x1.eeb95b094c191p-2));
}

// The rest of Stirling's series times x, for u = 1 / x^2 and x >= 8.
static F vm_lgamma_tail_f32(F u) {
  F p = (F)(0x1.98f67cp-11f);
  p = fma(p, u, (F)(-0x1.6c1418p-9f));
  return fma(p, u, (F)(0x1.555556p-4f));
}

static F vm_lgamma_tail_f64(F u) {
  F p = (F)(-0x1.6f61c43ad542ap-1);
  p = fma(p, u, (F)(0x1.48d057c694be8p-3));
  p = fma(p, u, (F)(-0x1.ded79e665035fp-6));
  p = fma(p, u, (F)(0x1.a3e072c86bac6p-8));
  p = fma(p, u, (F)(-0x1.f6a981e9510bfp-10));
  p = fma(p, u, (F)(0x1.b951df711aa6dp-11));
  p = fma(p, u, (F)(-0x1.3813813619629p-11));
  p = fma(p, u, (F)(0x1.a01a01a01964bp-11));
  p = fma(p, u, (F)(-0x1.6c16c16c16c16p-9));
  return fma(p, u, (F)(0x1.5555555555555p-4));
}

static F vm_lgamma_stirling_f32(F x, F log_x) {
  F v = 1.0f / x;
  return (x - 0.5f) * (log_x - 1.0f) + fma(v, vm_lgamma_tail(v * v), (F)(0x1.acfe3ap-2f));
}

static F vm_lgamma_stirling_f64(F x, F log_x) {
  F v = 1.0 / x;
  return (x - 0.5) * (log_x - 1.0) + fma(v, vm_lgamma_tail(v * v), (F)(0x1.acfe390c97d69p-2));
}

// For x >= 0: below 8 it is moved to [0.75, 2.25] by x gamma(x) = gamma(x + 1), which has no zeros
// but those at 1 and 2, so that the sum does not cancel.
static F vm_lgamma_positive(F x) {
  F z = x, p = (F)(1.0f);
  for (int i = 0; i < 6; i++) {
    I above = z > 2.25f;
    z = SEL(z, z - 1.0f, above);
    p = SEL(p, p * z, above);
  }
  I low = x < 0.75f, high = x >= 8.0f;
  z = SEL(z, z + 1.0f, low);
  F l = vm_log(SEL(p, x, low | high));
  F y = vm_lgamma_core(z - 1.5f) * (z - 1.0f) * (z - 2.0f) + SEL(l, -l, low);
  return SEL(y, vm_lgamma_stirling(x, l), high);
}

// Below zero log(pi / |sin(pi x)|) - lgamma(1 - x): where these cancel the error is an absolute one.
static F vm_lgamma_f32(F x) {
  F a = fabs(x);
  F y = vm_lgamma_positive(SEL(a, a + 1.0f, x < 0.0f));
  F h = fabs(a - rint(a));
  I small = h < 0x1p-40f;
  F s = vm_log(SEL(vm_sin_pi(h), h, small));
  y = SEL(y, (SEL((F)(0x1.250d04p0f), (F)(0.0f), small) - s) - y, x < 0.0f);
  return SEL(y, (F)(INFINITY), (x < 0.0f) & (a == rint(a)));
}

static F vm_lgamma_f64(F x) {
  F a = fabs(x);
  F y = vm_lgamma_positive(SEL(a, a + 1.0, x < 0.0));
  F h = fabs(a - rint(a));
  I small = h < 0x1p-40;
  F s = vm_log(SEL(vm_sin_pi(h), h, small));
  y = SEL(y, (SEL((F)(0x1.250d048e7a1bdp0), (F)(0.0), small) - s) - y, x < 0.0);
  return SEL(y, (F)(INFINITY), (x < 0.0) & (a == rint(a)));
}

// (log(x) - 1 / (2 x) - digamma(x)) x^2 for u = 1 / x^2 and x >= 8.
static F vm_digamma_tail_f32(F u) {
  F p = (F)(-0x1.026adcp-8f);
  p = fma(p, u, (F)(0x1.03ec48p-8f));
  p = fma(p, u, (F)(-0x1.111102p-7f));
  return fma(p, u, (F)(0x1.555556p-4f));
}

static F vm_digamma_tail_f64(F u) {
  F p = (F)(-0x1.991ac88127b9ap3);
  p = fma(p, u, (F)(0x1.56227f90f7bc3p1));
  p = fma(p, u, (F)(-0x1.bf50e479b5526p-2));
  p = fma(p, u, (F)(0x1.550e0d839d145p-4));
  p = fma(p, u, (F)(-0x1.5993b2b56e1dcp-6));
  p = fma(p, u, (F)(0x1.f07c170b95ac6p-8));
  p = fma(p, u, (F)(-0x1.1111110c379c6p-8));
  p = fma(p, u, (F)(0x1.041041040ec04p-8));
  p = fma(p, u, (F)(-0x1.111111111111p-7));
  return fma(p, u, (F)(0x1.5555555555555p-4));
}

// Moved to x >= 8 by digamma(x) = digamma(x + 1) - 1 / x; below 0.5 digamma(1 - x) - pi / tan(pi x).
// The error is an absolute one near the zeros.
static F vm_digamma_f32(F x) {
  I low = x < 0.5f;
  F z = SEL(x, 1.0f - x, low), n = (F)(0.0f), d = (F)(1.0f);
  for (int i = 0; i < 8; i++) {
    I below = z < 8.0f;
    n = SEL(n, fma(n, z, d), below);
    d = SEL(d, d * z, below);
    z = SEL(z, z + 1.0f, below);
  }
  F v = 1.0f / z;
  F y = vm_log(z) - fma(v, fma(v, vm_digamma_tail(v * v), (F)(0.5f)), n / d);
  F r = x - rint(x), h = fabs(r);
  F t = copysign(0x1.921fb6p1f * vm_sin_pi(0.5f - h) / vm_sin_pi(h), r);
  y = SEL(y, y - t, low);
  return SEL(y, (F)(NAN), (x <= 0.0f) & (r == 0.0f));
}

static F vm_digamma_f64(F x) {
  I low = x < 0.5;
  F z = SEL(x, 1.0 - x, low), n = (F)(0.0), d = (F)(1.0);
  for (int i = 0; i < 8; i++) {
    I below = z < 8.0;
    n = SEL(n, fma(n, z, d), below);
    d = SEL(d, d * z, below);
    z = SEL(z, z + 1.0, below);
  }
  F v = 1.0 / z;
  F y = vm_log(z) - fma(v, fma(v, vm_digamma_tail(v * v), (F)(0.5)), n / d);
  F r = x - rint(x), h = fabs(r);
  F t = copysign(0x1.921fb54442d18p1 * vm_sin_pi(0.5 - h) / vm_sin_pi(h), r);
  y = SEL(y, y - t, low);
  return SEL(y, (F)(NAN), (x <= 0.0) & (r == 0.0));
}
