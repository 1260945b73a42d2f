// Splits x > 0 into m * 2^k with m in about [sqrt(1/2), sqrt(2)); subnormal x is scaled first.
static F vm_split_f32(F x, F *k) {
  I small = x < 0x1p-126f;
  I b = as_I(SEL(x, x * 0x1p24f, small)) - 0x3f3504f3;
  *k = convert_F(b >> 23) - SEL((F)(0.0f), (F)(24.0f), small);
  return as_F((b & 0x7fffff) + 0x3f3504f3);
}

static F vm_split_f64(F x, F *k) {
  I small = x < 0x1p-1022;
  I b = as_I(SEL(x, x * 0x1p54, small)) - 0x3fe6a09e667f3bcd;
  *k = convert_F(b >> 52) - SEL((F)(0.0), (F)(54.0), small);
  return as_F((b & 0xfffffffffffff) + 0x3fe6a09e667f3bcd);
}

// log(1 + f) - f for f in [sqrt(1/2) - 1, sqrt(2) - 1].
static F vm_log_tail_f32(F f) {
  F p = (F)(-0x1.37f6fcp-4f);
  p = fma(p, f, (F)(0x1.087cc8p-3f));
  p = fma(p, f, (F)(-0x1.0f4fcap-3f));
  p = fma(p, f, (F)(0x1.2266dap-3f));
  p = fma(p, f, (F)(-0x1.542416p-3f));
  p = fma(p, f, (F)(0x1.99a4b6p-3f));
  p = fma(p, f, (F)(-0x1.000438p-2f));
  p = fma(p, f, (F)(0x1.55554ep-2f));
  p = fma(p, f, (F)(-0x1.fffff8p-2f));
  return p * f * f;
}

static F vm_log_tail_f64(F f) {
  F s = f / (f + 2.0), z = s * s;
  F p = (F)(0x1.2f5bb3d40eb99p-3);
  p = fma(p, z, (F)(0x1.3999873c0ffc6p-3));
  p = fma(p, z, (F)(0x1.74668c5ea972bp-3));
  p = fma(p, z, (F)(0x1.c71c50a473d75p-3));
  p = fma(p, z, (F)(0x1.249249438cbep-2));
  p = fma(p, z, (F)(0x1.999999997e2bcp-2));
  p = fma(p, z, (F)(0x1.5555555555597p-1));
  return s * fma(p, z, -f);
}

// The value of every logarithm where x is zero, negative, infinite or NaN.
static F vm_log_edge(F x, F r) {
  F s = SEL((F)(NAN), (F)(-INFINITY), x == 0.0f);
  return SEL(SEL(s, x + x, !(x < INFINITY)), r, (x > 0.0f) & (x < INFINITY));
}

static F vm_log_f32(F x) {
  F k, f = vm_split(x, &k) - 1.0f;
  F r = fma(k, (F)(0x1.62e4p-1f), f + fma(k, (F)(0x1.7f7d1cp-20f), vm_log_tail(f)));
  return vm_log_edge(x, r);
}

static F vm_log_f64(F x) {
  F k, f = vm_split(x, &k) - 1.0;
  F r = fma(k, (F)(0x1.62e42fefa4p-1), f + fma(k, (F)(-0x1.8432a1b0e2634p-43), vm_log_tail(f)));
  return vm_log_edge(x, r);
}

static F vm_log2_f32(F x) {
  F k, f = vm_split(x, &k) - 1.0f;
  F t = fma(f, (F)(0x1.4ae0cp-26f), vm_log_tail(f) * 0x1.715476p0f);
  return vm_log_edge(x, k + fma(f, (F)(0x1.715476p0f), t));
}

static F vm_log2_f64(F x) {
  F k, f = vm_split(x, &k) - 1.0;
  F t = fma(f, (F)(0x1.777d0ffda0d24p-56), vm_log_tail(f) * 0x1.71547652b82fep0);
  return vm_log_edge(x, k + fma(f, (F)(0x1.71547652b82fep0), t));
}

static F vm_log10_f32(F x) {
  F k, f = vm_split(x, &k) - 1.0f;
  F t = fma(f, (F)(-0x1.5b235ep-27f), vm_log_tail(f) * 0x1.bcb7b2p-2f);
  t = fma(f, (F)(0x1.bcb7b2p-2f), fma(k, (F)(0x1.3509f8p-18f), t));
  return vm_log_edge(x, fma(k, (F)(0x1.344p-2f), t));
}

static F vm_log10_f64(F x) {
  F k, f = vm_split(x, &k) - 1.0;
  F t = fma(f, (F)(0x1.95355baaafad3p-57), vm_log_tail(f) * 0x1.bcb7b1526e50ep-2);
  t = fma(f, (F)(0x1.bcb7b1526e50ep-2), fma(k, (F)(-0x1.80433b83b532ap-44), t));
  return vm_log_edge(x, fma(k, (F)(0x1.34413509f8p-2), t));
}

// log(u + c) + j log(2) for a c below the last bit of u.
static F vm_log_sum_f32(F u, F c, F j) {
  F k, f = vm_split(u, &k) - 1.0f;
  f = fma(c, as_F((127 - min(convert_I(k), (I)(127))) << 23), f);
  k += j;
  F r = fma(k, (F)(0x1.62e4p-1f), f + fma(k, (F)(0x1.7f7d1cp-20f), vm_log_tail(f)));
  return vm_log_edge(u, r);
}

static F vm_log_sum_f64(F u, F c, F j) {
  F k, f = vm_split(u, &k) - 1.0;
  f = fma(c, as_F((1023 - min(convert_I(k), (I)(1023))) << 52), f);
  k += j;
  F r = fma(k, (F)(0x1.62e42fefa4p-1), f + fma(k, (F)(-0x1.8432a1b0e2634p-43), vm_log_tail(f)));
  return vm_log_edge(u, r);
}

// The rounding error of 1 + x joins the reduced argument.
static F vm_log1p(F x) {
  F u = 1.0f + x, b = u - 1.0f;
  F r = vm_log_sum(u, (1.0f - (u - b)) + (x - b), (F)(0.0f));
  return SEL(r, x, x == 0.0f);
}
