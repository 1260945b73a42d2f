// x >= 0 reduced by pi/2: returns x - n pi/2 in about [-pi/4, pi/4] and n modulo 4.
static F vm_reduce_f32(F x, I *n) {
  F m = fma(x, (F)(0x1.45f306p-1f), (F)(0x1.8p23f));
  F q = m - 0x1.8p23f;
  F r = fma(q, (F)(-0x1.921fb6p0f), x);
  r = fma(q, (F)(0x1.777a5cp-25f), r);
  r = fma(q, (F)(0x1.ee59dap-50f), r);
  *n = as_I(m) & 3;
  I big = x > 0x1p17f;
  if (ANY(big)) {
    I nb;
    F rb = vm_reduce_big(SEL((F)(0.0f), x, big), &nb);
    r = SEL(r, rb, big);
    *n = SEL(*n, nb, big);
  }
  return r;
}

static F vm_reduce_f64(F x, I *n) {
  F m = fma(x, (F)(0x1.45f306dc9c883p-1), (F)(0x1.8p52));
  F q = m - 0x1.8p52;
  F r = fma(q, (F)(-0x1.921fb54442d18p0), x);
  r = fma(q, (F)(-0x1.1a62633145c07p-54), r);
  r = fma(q, (F)(0x1.f1976b7ed8fbcp-110), r);
  *n = as_I(m) & 3;
  I big = x > 0x1p27;
  if (ANY(big)) {
    I nb;
    F rb = vm_reduce_big(SEL((F)(0.0), x, big), &nb);
    r = SEL(r, rb, big);
    *n = SEL(*n, nb, big);
  }
  return r;
}

__constant double vm_two_over_pi_f64[23] = {
    0x1.45f306dc9c882p199, 0x1.4a7f09d5f47d4p146, 0x1.a6ee06db14accp93, 0x1.3c439041fe516p40,
    0x1.d5ef5de2b0db8p-15, 0x1.2371d2126e97p-67, 0x1.924bba82746p-126, 0x1.21cfe1deb1cb1p-172,
    0x1.4d39f74411af8p-227, 0x1.4baed1213a671p-278, 0x1.8135a2fbf209cp-331, 0x1.91d639835339fp-384,
    0x1.272117e2ef7e4p-438, 0x1.41d8ffc4bffeep-491, 0x1.02cc07f79788cp-543, 0x1.6b414da3eda6cp-597,
    0x1.fb3c9f2c26dd2p-650, 0x1.d18fd9a797fa8p-702, 0x1.6ba93dd63f5f2p-755, 0x1.f17b3d0739f78p-808,
    0x1.4a525d4d7f6bfp-861, 0x1.88fc6ae842bp-915, 0x1.98237e3db5d5fp-967};

// The same for finite x > 2^17: the 24 bits of x times the 96 bits of 2/pi that matter, modulo 4.
static F vm_reduce_big_f32(F x, I *n) {
  U m = (as_U(x) & 0x7fffff) | 0x800000, o = (as_U(x) >> 23) - 120, s = o & 31;
  I j1 = (o & 32) != 0, j2 = (o & 64) != 0, j4 = o > 127;
  U a = SEL((U)(0), (U)(0xa2f9836e), j1), b = SEL((U)(0xa2f9836e), (U)(0x4e441529), j1);
  U c = SEL((U)(0x4e441529), (U)(0xfc2757d1), j1), d = SEL((U)(0xfc2757d1), (U)(0xf534ddc0), j1);
  U e = SEL((U)(0xf534ddc0), (U)(0xdb629599), j1), f = SEL((U)(0xdb629599), (U)(0x3c439041), j1);
  a = SEL(SEL(a, c, j2), e, j4);
  b = SEL(SEL(b, d, j2), f, j4);
  c = SEL(SEL(c, e, j2), (U)(0x3c439041), j4);
  d = SEL(SEL(d, f, j2), (U)(0xfe5163ab), j4);
  U v = b << s | c >> 1 >> (31 - s), p = m * v;
  U t = mul_hi(m, c << s | d >> 1 >> (31 - s));
  U h = m * (a << s | b >> 1 >> (31 - s)) + mul_hi(m, v);
  p += t;
  h += SEL((U)(0), (U)(1), p < t);
  U g = h << 2 | p >> 30, neg = as_U(as_I(g) >> 31);
  *n = as_I((h >> 30) + (g >> 31));
  g ^= neg;
  p = p << 2 ^ neg;
  F rh = convert_F(g & 0xffffff00) * 0x1p-32f;
  F rl = convert_F(g << 24 | p >> 8) * 0x1p-56f;
  F r = fma(rh, (F)(0x1.921fb6p0f), fma(rl, (F)(0x1.921fb6p0f), rh * -0x1.777a5cp-25f));
  return as_F(as_U(r) ^ (neg & 0x80000000)) + (x - x);
}

// x times 2/pi in pieces of 53 bits, scaled by 2^200: every product is split exactly, whole turns
// are dropped, and the rest is summed in three times the working precision.
static F vm_reduce_big_f64(F x, I *n) {
  F y = x * 0x1p-200, h = (F)(0.0), m = (F)(0.0), l = (F)(0.0);
  for (int i = 0; i < 46; i++) {
    F c = (F)(vm_two_over_pi[i >> 1]), p = y * c;
    p = i & 1 ? fma(y, c, -p) : p;
    p -= 4.0 * rint(0.25 * p);
    F s = h + p, b = s - h, e = (h - (s - b)) + (p - b);
    h = s - 4.0 * rint(0.25 * s);
    s = m + e;
    b = s - m;
    l += (m - (s - b)) + (e - b);
    m = s;
  }
  F q = rint(h + m), s = (h - q) + m, e = ((h - q) - s) + m + l;
  F t = s + e;
  e = (s - t) + e;
  *n = convert_I(q) & 3;
  e = fma(e, (F)(0x1.921fb54442d18p0), t * 0x1.1a62633145c07p-54);
  return fma(t, (F)(0x1.921fb54442d18p0), e) + (x - x);
}

static F vm_sin_poly_f32(F r) {
  F z = r * r;
  F p = (F)(-0x1.990f92p-13f);
  p = fma(p, z, (F)(0x1.1106aep-7f));
  p = fma(p, z, (F)(-0x1.555544p-3f));
  return fma(p * z, r, r);
}

static F vm_sin_poly_f64(F r) {
  F z = r * r;
  F p = (F)(0x1.5d6be71b699d4p-33);
  p = fma(p, z, (F)(-0x1.ae5ddfdcec51p-26));
  p = fma(p, z, (F)(0x1.71de34cd02ee6p-19));
  p = fma(p, z, (F)(-0x1.a01a019b4e244p-13));
  p = fma(p, z, (F)(0x1.111111110f26dp-7));
  p = fma(p, z, (F)(-0x1.5555555555545p-3));
  return fma(p * z, r, r);
}

static F vm_cos_poly_f32(F r) {
  F z = r * r;
  F p = (F)(0x1.99911cp-16f);
  p = fma(p, z, (F)(-0x1.6c0af4p-10f));
  p = fma(p, z, (F)(0x1.555548p-5f));
  p = fma(p, z, (F)(-0.5f));
  return fma(p, z, (F)(1.0f));
}

static F vm_cos_poly_f64(F r) {
  F z = r * r;
  F p = (F)(-0x1.8f7e241a1e763p-37);
  p = fma(p, z, (F)(0x1.1ee98dadc2cfdp-29));
  p = fma(p, z, (F)(-0x1.27e4f77e5a014p-22));
  p = fma(p, z, (F)(0x1.a01a019bef1e9p-16));
  p = fma(p, z, (F)(-0x1.6c16c16c149a5p-10));
  p = fma(p, z, (F)(0x1.5555555555548p-5));
  p = fma(p, z, (F)(-0.5));
  return fma(p, z, (F)(1.0));
}

static F vm_sin_f32(F x) {
  I n;
  F r = vm_reduce(fabs(x), &n);
  F y = SEL(vm_sin_poly(r), vm_cos_poly(r), (n & 1) != 0);
  return as_F(as_I(y) ^ (n >> 1 << 31) ^ (as_I(x) & (I)(0x80000000)));
}

static F vm_sin_f64(F x) {
  I n;
  F r = vm_reduce(fabs(x), &n);
  F y = SEL(vm_sin_poly(r), vm_cos_poly(r), (n & 1) != 0);
  return as_F(as_I(y) ^ (n >> 1 << 63) ^ (as_I(x) & (I)(0x8000000000000000)));
}

static F vm_cos_f32(F x) {
  I n;
  F r = vm_reduce(fabs(x), &n);
  F y = SEL(vm_cos_poly(r), vm_sin_poly(r), (n & 1) != 0);
  return as_F(as_I(y) ^ ((n + 1) >> 1 << 31));
}

static F vm_cos_f64(F x) {
  I n;
  F r = vm_reduce(fabs(x), &n);
  F y = SEL(vm_cos_poly(r), vm_sin_poly(r), (n & 1) != 0);
  return as_F(as_I(y) ^ ((n + 1) >> 1 << 63));
}

static F vm_tan_f32(F x) {
  I n;
  F r = vm_reduce(fabs(x), &n), z = r * r;
  F p = (F)(0x1.2c2956p-8f);
  p = fma(p, z, (F)(-0x1.4e3304p-12f));
  p = fma(p, z, (F)(0x1.6d779cp-7f));
  p = fma(p, z, (F)(0x1.5ab798p-6f));
  p = fma(p, z, (F)(0x1.bb0b9cp-5f));
  p = fma(p, z, (F)(0x1.110c88p-3f));
  p = fma(p, z, (F)(0x1.555564p-2f));
  p = fma(p * z, r, r);
  F y = SEL(p, -1.0f / p, (n & 1) != 0);
  return as_F(as_I(y) ^ (as_I(x) & (I)(0x80000000)));
}

static F vm_tan_f64(F x) {
  I n;
  F r = vm_reduce(fabs(x), &n), s = vm_sin_poly(r), c = vm_cos_poly(r);
  I odd = (n & 1) != 0;
  F y = SEL(s, -c, odd) / SEL(c, s, odd);
  return as_F(as_I(y) ^ (as_I(x) & (I)(0x8000000000000000)));
}
