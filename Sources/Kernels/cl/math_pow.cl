// log2(m) + k as an unevaluated sum: the atanh series in s = (m - 1) / (m + 1), its first two
// terms in twice the working precision.
static F vm_log2_ext_f32(F m, F k, F *l) {
  F d = m + 1.0f, f = m - 1.0f, v = 1.0f / d, s = f * v;
  F sl = fma(-s, m - (d - 1.0f), fma(-s, d, f)) * v;
  F z = s * s, zl = fma(s, s, -z) + 2.0f * s * sl;
  F q = (F)(0x1.5a18fp-2f);
  q = fma(q, z, (F)(0x1.a5ba46p-2f));
  q = fma(q, z, (F)(0x1.27771p-1f)) * z;
  F th = 0x1.ec709ep-1f + q, tl = ((0x1.ec709ep-1f - th) + q) - 0x1.e2fe02p-28f;
  F uh = z * th, ul = fma(z, th, -uh) + fma(z, tl, zl * th);
  F vh = 0x1.715476p1f + uh, vl = ((0x1.715476p1f - vh) + uh) + (ul + 0x1.4ae0cp-25f);
  F ph = s * vh, pl = fma(s, vh, -ph) + fma(s, vl, sl * vh);
  F h = k + ph;
  *l = ((k - h) + ph) + pl;
  return h;
}

static F vm_log2_ext_f64(F m, F k, F *l) {
  F d = m + 1.0, f = m - 1.0, v = 1.0 / d, s = f * v;
  F sl = fma(-s, m - (d - 1.0), fma(-s, d, f)) * v;
  F z = s * s, zl = fma(s, s, -z) + 2.0 * s * sl;
  F q = (F)(0x1.633c3dde88be6p-3);
  q = fma(q, z, (F)(0x1.58d3cc26653bap-3));
  q = fma(q, z, (F)(0x1.8a0bcf069ab0bp-3));
  q = fma(q, z, (F)(0x1.c68edae31cf47p-3));
  q = fma(q, z, (F)(0x1.0c9a85577ef8ap-2));
  q = fma(q, z, (F)(0x1.484b13d66da0dp-2));
  q = fma(q, z, (F)(0x1.a61762a7af26p-2));
  q = fma(q, z, (F)(0x1.2776c50ef9bfbp-1));
  q *= z;
  F th = 0x1.ec709dc3a03fdp-1 + q, tl = ((0x1.ec709dc3a03fdp-1 - th) + q) + 0x1.d27f05548af0cp-55;
  F uh = z * th, ul = fma(z, th, -uh) + fma(z, tl, zl * th);
  F vh = 0x1.71547652b82fep1 + uh;
  F vl = ((0x1.71547652b82fep1 - vh) + uh) + (ul + 0x1.777d0ffda0d24p-55);
  F ph = s * vh, pl = fma(s, vh, -ph) + fma(s, vl, sl * vh);
  F h = k + ph;
  *l = ((k - h) + ph) + pl;
  return h;
}

// |x|^y for the product in twice the working precision, then the special cases of C's pow.
static F vm_pow_f32(F x, F y) {
  F a = fabs(x), k, l;
  F m = vm_split(a, &k), h = vm_log2_ext(m, k, &l);
  F p = y * h, q = fma(y, h, -p) + y * l;
  I huge = fabs(p) > 160.0f;
  F r = vm_exp2_core(SEL(p, copysign((F)(160.0f), p), huge), SEL(q, (F)(0.0f), huge));
  return vm_pow_edge(x, y, r);
}

static F vm_pow_f64(F x, F y) {
  F a = fabs(x), k, l;
  F m = vm_split(a, &k), h = vm_log2_ext(m, k, &l);
  F p = y * h, q = fma(y, h, -p) + y * l;
  I huge = fabs(p) > 1200.0;
  F r = vm_exp2_core(SEL(p, copysign((F)(1200.0), p), huge), SEL(q, (F)(0.0), huge));
  return vm_pow_edge(x, y, r);
}

static F vm_pow_edge(F x, F y, F r) {
  F a = fabs(x);
  I whole = trunc(y) == y, odd = whole & (trunc(y * 0.5f) != y * 0.5f), up = y > 0.0f;
  r = SEL(r, SEL((F)(INFINITY), (F)(0.0f), up), a == 0.0f);
  r = SEL(r, SEL((F)(0.0f), (F)(INFINITY), up), a == INFINITY);
  r = SEL(r, (F)(1.0f), a == 1.0f);
  I neg = as_I(x) < 0;
  r = SEL(r, -r, neg & odd);
  r = SEL(r, (F)(NAN), (x < 0.0f) & (a < INFINITY) & !whole);
  r = SEL(r, x + y, (x != x) | (y != y));
  return SEL(r, (F)(1.0f), (x == 1.0f) | (y == 0.0f));
}

static F vm_rsqrt(F x) {
  return 1.0f / sqrt(x);
}

// Two steps of fourth order towards |x|^(-1/3), then x r^2 with one correction.
static F vm_cbrt_f32(F x) {
  F a = fabs(x);
  I small = a < 0x1p-126f;
  a = SEL(a, a * 0x1p24f, small);
  F r = as_F(0x54a20000 - convert_I(convert_F(as_I(a)) * 0x1.555556p-2f));
  for (int i = 0; i < 2; i++) {
    F e = fma(-a * r * r, r, (F)(1.0f));
    F p = fma(e, (F)(0x1.61f9aep-3f), (F)(0x1.c71c72p-3f));
    r = fma(r * e, fma(p, e, (F)(0x1.555556p-2f)), r);
  }
  F y = a * r * r;
  y = fma(fma(-y * y, y, a), r * r * 0x1.555556p-2f, y);
  y = SEL(y * SEL((F)(1.0f), (F)(0x1p-8f), small), x, !(a < INFINITY) | (a == 0.0f));
  return copysign(y, x);
}

static F vm_cbrt_f64(F x) {
  F a = fabs(x);
  I small = a < 0x1p-1022;
  a = SEL(a, a * 0x1p54, small);
  F r = as_F(0x553f000000000000 - convert_I(convert_F(as_I(a)) * 0x1.5555555555555p-2));
  for (int i = 0; i < 2; i++) {
    F e = fma(-a * r * r, r, (F)(1.0));
    F p = fma(e, (F)(0x1.61f9add3c0ca4p-3), (F)(0x1.c71c71c71c71cp-3));
    r = fma(r * e, fma(p, e, (F)(0x1.5555555555555p-2)), r);
  }
  F y = a * r * r;
  y = fma(fma(-y * y, y, a), r * r * 0x1.5555555555555p-2, y);
  y = SEL(y * SEL((F)(1.0), (F)(0x1p-18), small), x, !(a < INFINITY) | (a == 0.0));
  return copysign(y, x);
}

// The remainder of truncated division, in exact steps: each quotient is so small that it is off
// by at most one however the device divides.
static F vm_rem_f32(F x, F y) {
  F r = fabs(x), b = fabs(y);
  I valid = (r < INFINITY) & (b > 0.0f), active = valid & (r >= b);
  I eb = vm_exponent(b);
  while (ANY(active)) {
    F c = vm_scale(b, clamp(vm_exponent(r) - eb - 20, (I)(0), (I)(254)));
    F t = fma(-trunc(r / c), c, r);
    r = SEL(r, SEL(t, t + c, t < 0.0f), active);
    active = valid & (r >= b);
  }
  return SEL((F)(NAN), copysign(r, x), valid);
}

static F vm_rem_f64(F x, F y) {
  F r = fabs(x), b = fabs(y);
  I valid = (r < INFINITY) & (b > 0.0), active = valid & (r >= b);
  I eb = vm_exponent(b);
  while (ANY(active)) {
    F c = vm_scale(b, clamp(vm_exponent(r) - eb - 49, (I)(0), (I)(2046)));
    F t = fma(-trunc(r / c), c, r);
    r = SEL(r, SEL(t, t + c, t < 0.0), active);
    active = valid & (r >= b);
  }
  return SEL((F)(NAN), copysign(r, x), valid);
}

static I vm_exponent_f32(F x) {
  I small = x < 0x1p-126f;
  return (as_I(SEL(x, x * 0x1p24f, small)) >> 23) - SEL((I)(0), (I)(24), small);
}

static I vm_exponent_f64(F x) {
  I small = x < 0x1p-1022;
  return (as_I(SEL(x, x * 0x1p54, small)) >> 52) - SEL((I)(0), (I)(54), small);
}

static F vm_hypot_f32(F x, F y) {
  F a = fabs(x), b = fabs(y), h = SEL(a, b, b > a), l = SEL(b, a, b > a);
  I up = h < 0x1p-60f;
  F s = SEL(SEL((F)(1.0f), (F)(0x1p-70f), h > 0x1p60f), (F)(0x1p90f), up);
  F t = SEL(SEL((F)(1.0f), (F)(0x1p70f), h > 0x1p60f), (F)(0x1p-90f), up);
  h *= s;
  l *= s;
  F r = sqrt(fma(h, h, l * l)) * t;
  r = SEL(r, x + y, (x != x) | (y != y));
  return SEL(r, (F)(INFINITY), (a == INFINITY) | (b == INFINITY));
}

static F vm_hypot_f64(F x, F y) {
  F a = fabs(x), b = fabs(y), h = SEL(a, b, b > a), l = SEL(b, a, b > a);
  I up = h < 0x1p-500;
  F s = SEL(SEL((F)(1.0), (F)(0x1p-600), h > 0x1p500), (F)(0x1p600), up);
  F t = SEL(SEL((F)(1.0), (F)(0x1p600), h > 0x1p500), (F)(0x1p-600), up);
  h *= s;
  l *= s;
  F r = sqrt(fma(h, h, l * l)) * t;
  r = SEL(r, x + y, (x != x) | (y != y));
  return SEL(r, (F)(INFINITY), (a == INFINITY) | (b == INFINITY));
}
