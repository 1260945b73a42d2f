// e^(x - l) * 2^k for x in [-104, 90]: Cody-Waite reduction, degree 6, two exact scalings.
static F vm_exp_core_f32(F x, F l, I k) {
  F m = fma(x, (F)(0x1.715476p0f), (F)(0x1.8001fcp23f));
  F n = m - 0x1.8001fcp23f;
  F h = fma(n, (F)(-0x1.62e4p-1f), x), t = fma(n, (F)(-0x1.7f7d1cp-20f), -l), r = h + t;
  F p = (F)(0x1.6b122cp-10f);
  p = fma(p, r, (F)(0x1.124564p-7f));
  p = fma(p, r, (F)(0x1.555826p-5f));
  p = fma(p, r, (F)(0x1.555482p-3f));
  p = fma(p, r, (F)(0x1.fffffcp-2f));
  F s = 1.0f + h;
  p = s + (fma(p * r, r, t) + (h - (s - 1.0f)));
  return vm_scale_by(p, as_I(m) + k);
}

static F vm_exp_core_f64(F x, F l, I k) {
  F m = fma(x, (F)(0x1.71547652b82fep0), (F)(0x1.8p52));
  F n = m - 0x1.8p52;
  F h = fma(n, (F)(-0x1.62e42fefa4p-1), x), t = fma(n, (F)(0x1.8432a1b0e2634p-43), -l), r = h + t;
  F p = (F)(0x1.209cbd19c2cdfp-29);
  p = fma(p, r, (F)(0x1.af7cd8818a922p-26));
  p = fma(p, r, (F)(0x1.27e420311a9d1p-22));
  p = fma(p, r, (F)(0x1.71dde5d0dd142p-19));
  p = fma(p, r, (F)(0x1.a01a01f8bd6bbp-16));
  p = fma(p, r, (F)(0x1.a01a01b7dd4e8p-13));
  p = fma(p, r, (F)(0x1.6c16c16c07cc2p-10));
  p = fma(p, r, (F)(0x1.111111110e075p-7));
  p = fma(p, r, (F)(0x1.555555555557p-5));
  p = fma(p, r, (F)(0x1.555555555555ep-3));
  p = fma(p, r, (F)(0x1p-1));
  F s = 1.0 + h;
  p = s + (fma(p * r, r, t) + (h - (s - 1.0)));
  return vm_scale(p, as_I(m) - 0x4338000000000000 + k);
}

// p * 2^n for n in [-252, 254], with one rounding when the result is subnormal.
static F vm_scale_f32(F p, I n) {
  I h = n >> 1;
  return p * as_F((h + 127) << 23) * as_F((n - h + 127) << 23);
}

// The same where n + 254 stands in the lowest 10 bits of b, over multiples of 1,024: half of it is the
// exponent of one factor, what is left that of the other, and the shifts drop the rest.
static F vm_scale_by_f32(F p, I b) {
  I h = b >> 1;
  return p * as_F(h << 23) * as_F((b - h) << 23);
}

static F vm_scale_f64(F p, I n) {
  I h = n >> 1;
  return p * as_F((h + 1023) << 52) * as_F((n - h + 1023) << 52);
}

static F vm_exp_f32(F x) {
  F y = SEL(SEL(x, (F)(90.0f), x > 90.0f), (F)(-104.0f), x < -104.0f);
  return vm_exp_core(y, (F)(0.0f), (I)(0));
}

static F vm_exp_f64(F x) {
  F y = SEL(SEL(x, (F)(711.0), x > 711.0), (F)(-746.0), x < -746.0);
  return vm_exp_core(y, (F)(0.0), (I)(0));
}

// 2^(x + l) for x in [-151, 129].
static F vm_exp2_core_f32(F x, F l) {
  F m = x + 0x1.8001fcp23f;
  F r = (x - (m - 0x1.8001fcp23f)) + l;
  F p = (F)(0x1.4174ccp-13f);
  p = fma(p, r, (F)(0x1.5f14d4p-10f));
  p = fma(p, r, (F)(0x1.3b2dcap-7f));
  p = fma(p, r, (F)(0x1.c6af68p-5f));
  p = fma(p, r, (F)(0x1.ebfbdcp-3f));
  p = fma(p, r, (F)(0x1.62e43p-1f));
  p = fma(p, r, (F)(1.0f));
  return vm_scale_by(p, as_I(m));
}

static F vm_exp2_core_f64(F x, F l) {
  F m = x + 0x1.8p52;
  F r = (x - (m - 0x1.8p52)) + l;
  F p = (F)(0x1.f4ab0f181a0ffp-36);
  p = fma(p, r, (F)(0x1.ebb231b251cadp-32));
  p = fma(p, r, (F)(0x1.e4af3ce3f27eep-28));
  p = fma(p, r, (F)(0x1.b523a2965503ap-24));
  p = fma(p, r, (F)(0x1.62c029cc7010ap-20));
  p = fma(p, r, (F)(0x1.ffcbfd1c2a87fp-17));
  p = fma(p, r, (F)(0x1.430912f6e5884p-13));
  p = fma(p, r, (F)(0x1.5d87fe787b4a8p-10));
  p = fma(p, r, (F)(0x1.3b2ab6fba5259p-7));
  p = fma(p, r, (F)(0x1.c6b08d704a1bfp-5));
  p = fma(p, r, (F)(0x1.ebfbdff82c58ep-3));
  p = fma(p, r, (F)(0x1.62e42fefa39efp-1));
  p = fma(p, r, (F)(1.0));
  return vm_scale(p, as_I(m) - 0x4338000000000000);
}

static F vm_exp2_f32(F x) {
  F y = SEL(SEL(x, (F)(129.0f), x > 129.0f), (F)(-151.0f), x < -151.0f);
  return vm_exp2_core(y, (F)(0.0f));
}

static F vm_exp2_f64(F x) {
  F y = SEL(SEL(x, (F)(1025.0), x > 1025.0), (F)(-1076.0), x < -1076.0);
  return vm_exp2_core(y, (F)(0.0));
}

// 2^n (e^r - 1) + (2^n - 1), halved and doubled again so that 2^128 is never formed.
static F vm_expm1_f32(F x) {
  F y = SEL(SEL(x, (F)(89.0f), x > 89.0f), (F)(-20.0f), x < -20.0f);
  F m = fma(y, (F)(0x1.715476p0f), (F)(0x1.8p23f));
  F n = m - 0x1.8p23f;
  F h = fma(n, (F)(-0x1.62e4p-1f), y);
  F r = fma(n, (F)(-0x1.7f7d1cp-20f), h);
  F l = fma(n, (F)(-0x1.7f7d1cp-20f), h - r);
  F p = (F)(0x1.9c99ep-13f);
  p = fma(p, r, (F)(0x1.6d521ep-10f));
  p = fma(p, r, (F)(0x1.111398p-7f));
  p = fma(p, r, (F)(0x1.5554e6p-5f));
  p = fma(p, r, (F)(0x1.555554p-3f));
  p = fma(p, r, (F)(0x1p-1f));
  p = fma(p * r, r, l);
  F s = as_F((as_I(m) - 0x4b400000 + 126) << 23);
  F a = s - 0.5f, b = r * s, t = a + b;
  F e = t + fma(p, s, b - (t - a));
  return copysign(e + e, x);
}

static F vm_expm1_f64(F x) {
  F y = SEL(SEL(x, (F)(710.0), x > 710.0), (F)(-40.0), x < -40.0);
  F m = fma(y, (F)(0x1.71547652b82fep0), (F)(0x1.8p52));
  F n = m - 0x1.8p52;
  F h = fma(n, (F)(-0x1.62e42fefa4p-1), y);
  F r = fma(n, (F)(0x1.8432a1b0e2634p-43), h);
  F l = fma(n, (F)(0x1.8432a1b0e2634p-43), h - r);
  F p = (F)(0x1.03330572152c4p-29);
  p = fma(p, r, (F)(0x1.af6532c41f3e3p-26));
  p = fma(p, r, (F)(0x1.27fb78cced543p-22));
  p = fma(p, r, (F)(0x1.71ddf737f6842p-19));
  p = fma(p, r, (F)(0x1.a019f4a814b36p-16));
  p = fma(p, r, (F)(0x1.a01a01af1b4edp-13));
  p = fma(p, r, (F)(0x1.6c16c16f4cdcfp-10));
  p = fma(p, r, (F)(0x1.111111110fc46p-7));
  p = fma(p, r, (F)(0x1.5555555554b45p-5));
  p = fma(p, r, (F)(0x1.5555555555557p-3));
  p = fma(p, r, (F)(0x1.0000000000001p-1));
  p = fma(p * r, r, l);
  F s = as_F((as_I(m) - 0x4338000000000000 + 1022) << 52);
  F a = s - 0.5, b = r * s, t = a + b;
  F e = t + fma(p, s, b - (t - a));
  return copysign(e + e, x);
}

static F vm_logistic(F x) {
  F e = vm_exp(-fabs(x));
  return SEL(e, (F)(1.0f), x >= 0.0f) / (1.0f + e);
}
