// atan(x) for x in [0, 1].
static F vm_atan_core_f32(F x) {
  F z = x * x;
  F p = (F)(-0x1.d465d4p-10f);
  p = fma(p, z, (F)(0x1.64a2aep-7f));
  p = fma(p, z, (F)(-0x1.fddc7ep-6f));
  p = fma(p, z, (F)(0x1.da4dd8p-5f));
  p = fma(p, z, (F)(-0x1.58103ap-4f));
  p = fma(p, z, (F)(0x1.c08dacp-4f));
  p = fma(p, z, (F)(-0x1.242092p-3f));
  p = fma(p, z, (F)(0x1.9991e4p-3f));
  p = fma(p, z, (F)(-0x1.55553ep-2f));
  return fma(p * z, x, x);
}

static F vm_atan_core_f64(F x) {
  F z = x * x;
  F p = (F)(0x1.bbe70d86ef49dp-17);
  p = fma(p, z, (F)(-0x1.3f32c8e9b7a0fp-13));
  p = fma(p, z, (F)(0x1.b3f760895a8ddp-11));
  p = fma(p, z, (F)(-0x1.7a379cecd66fdp-9));
  p = fma(p, z, (F)(0x1.d7b79c4415c37p-8));
  p = fma(p, z, (F)(-0x1.c78ef73dedb36p-7));
  p = fma(p, z, (F)(0x1.683c774afa8cbp-6));
  p = fma(p, z, (F)(-0x1.e9f9e156b2372p-6));
  p = fma(p, z, (F)(0x1.2c2e54e40abeap-5));
  p = fma(p, z, (F)(-0x1.59a3fda35c914p-5));
  p = fma(p, z, (F)(0x1.82dad7a977abp-5));
  p = fma(p, z, (F)(-0x1.ae5e72dd5e2a2p-5));
  p = fma(p, z, (F)(0x1.e1bba6727e4efp-5));
  p = fma(p, z, (F)(-0x1.110e51270a5cdp-4));
  p = fma(p, z, (F)(0x1.3b13669a0df6bp-4));
  p = fma(p, z, (F)(-0x1.745d11ae6eccdp-4));
  p = fma(p, z, (F)(0x1.c71c717fcee3ep-4));
  p = fma(p, z, (F)(-0x1.249249237f546p-3));
  p = fma(p, z, (F)(0x1.99999999955b3p-3));
  p = fma(p, z, (F)(-0x1.5555555555526p-2));
  return fma(p * z, x, x);
}

static F vm_atan_f32(F x) {
  F a = fabs(x);
  I inv = a > 1.0f;
  F y = vm_atan_core(SEL(a, 1.0f / a, inv));
  return copysign(SEL(y, (0x1.921fb6p0f - y) - 0x1.777a5cp-25f, inv), x);
}

static F vm_atan_f64(F x) {
  F a = fabs(x);
  I inv = a > 1.0;
  F y = vm_atan_core(SEL(a, 1.0 / a, inv));
  return copysign(SEL(y, (0x1.921fb54442d18p0 - y) + 0x1.1a62633145c07p-54, inv), x);
}

static F vm_atan2_f32(F y, F x) {
  F a = fabs(x), b = fabs(y);
  I inv = b > a;
  F hi = SEL(a, b, inv), lo = SEL(b, a, inv);
  F q = lo / hi;
  q = SEL(q, (F)(0.0f), hi == 0.0f);
  q = SEL(q, (F)(1.0f), lo == INFINITY);
  F r = vm_atan_core(q);
  r = SEL(r, (0x1.921fb6p0f - r) - 0x1.777a5cp-25f, inv);
  r = SEL(r, (0x1.921fb6p1f - r) - 0x1.777a5cp-24f, as_I(x) < 0);
  return copysign(SEL(r, x + y, (x != x) | (y != y)), y);
}

static F vm_atan2_f64(F y, F x) {
  F a = fabs(x), b = fabs(y);
  I inv = b > a;
  F hi = SEL(a, b, inv), lo = SEL(b, a, inv);
  F q = lo / hi;
  q = SEL(q, (F)(0.0), hi == 0.0);
  q = SEL(q, (F)(1.0), lo == INFINITY);
  F r = vm_atan_core(q);
  r = SEL(r, (0x1.921fb54442d18p0 - r) + 0x1.1a62633145c07p-54, inv);
  r = SEL(r, (0x1.921fb54442d18p1 - r) + 0x1.1a62633145c07p-53, as_I(x) < 0);
  return copysign(SEL(r, x + y, (x != x) | (y != y)), y);
}

// (asin(s) - s) / s for z = s * s in [0, 1/4].
static F vm_asin_core_f32(F z) {
  F p = (F)(0x1.595c5cp-5f);
  p = fma(p, z, (F)(0x1.8c3e52p-6f));
  p = fma(p, z, (F)(0x1.747bb8p-5f));
  p = fma(p, z, (F)(0x1.330204p-4f));
  p = fma(p, z, (F)(0x1.5555c8p-3f));
  return p * z;
}

static F vm_asin_core_f64(F z) {
  F p = (F)(0x1.057188ac458ebp-5);
  p = fma(p, z, (F)(-0x1.09dec6d4fe167p-6));
  p = fma(p, z, (F)(0x1.3ffbccee5e34dp-6));
  p = fma(p, z, (F)(0x1.abc55f05d05ecp-8));
  p = fma(p, z, (F)(0x1.8ec4155cb3271p-7));
  p = fma(p, z, (F)(0x1.c6fd9990919d8p-7));
  p = fma(p, z, (F)(0x1.1c6be385ad17p-6));
  p = fma(p, z, (F)(0x1.6e89f4238e1d6p-6));
  p = fma(p, z, (F)(0x1.f1c72c3a01823p-6));
  p = fma(p, z, (F)(0x1.6db6db4277c9dp-5));
  p = fma(p, z, (F)(0x1.333333336e837p-4));
  p = fma(p, z, (F)(0x1.555555555539p-3));
  return p * z;
}

static F vm_asin_f32(F x) {
  F a = fabs(x);
  I big = a > 0.5f;
  F z = SEL(a * a, fma(a, (F)(-0.5f), (F)(0.5f)), big);
  F s = SEL(a, sqrt(z), big);
  F t = s * vm_asin_core(z), l = fma(-s, s, z) / (s + s + 0x1p-100f);
  F y = (0x1.921fb6p0f - 2.0f * s) - (2.0f * (t + l) + 0x1.777a5cp-25f);
  return copysign(SEL(s + t, y, big), x);
}

static F vm_asin_f64(F x) {
  F a = fabs(x);
  I big = a > 0.5;
  F z = SEL(a * a, fma(a, (F)(-0.5), (F)(0.5)), big);
  F s = SEL(a, sqrt(z), big);
  F t = s * vm_asin_core(z), l = fma(-s, s, z) / (s + s + 0x1p-100);
  F y = (0x1.921fb54442d18p0 - 2.0 * s) - (2.0 * (t + l) - 0x1.1a62633145c07p-54);
  return copysign(SEL(s + t, y, big), x);
}

static F vm_acos_f32(F x) {
  F a = fabs(x);
  I big = a > 0.5f, neg = x < 0.0f;
  F z = SEL(a * a, fma(a, (F)(-0.5f), (F)(0.5f)), big);
  F s = SEL(x, sqrt(z), big), t = s * vm_asin_core(z);
  F small = 0x1.921fb6p0f - (s + (t + 0x1.777a5cp-25f));
  F y = 2.0f * (s + t);
  y = SEL(y, 0x1.921fb6p1f - (y + 0x1.777a5cp-24f), neg);
  return SEL(small, y, big);
}

static F vm_acos_f64(F x) {
  F a = fabs(x);
  I big = a > 0.5, neg = x < 0.0;
  F z = SEL(a * a, fma(a, (F)(-0.5), (F)(0.5)), big);
  F s = SEL(x, sqrt(z), big), t = s * vm_asin_core(z);
  F small = 0x1.921fb54442d18p0 - (s + (t - 0x1.1a62633145c07p-54));
  F y = 2.0 * (s + t);
  y = SEL(y, 0x1.921fb54442d18p1 - (y - 0x1.1a62633145c07p-53), neg);
  return SEL(small, y, big);
}
