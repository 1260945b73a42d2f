static F vm_tanh_f32(F x) {
  F a = fabs(x), z = a * a;
  F p = (F)(-0x1.94e76ap-8f);
  p = fma(p, z, (F)(0x1.5823cep-6f));
  p = fma(p, z, (F)(-0x1.b906d2p-5f));
  p = fma(p, z, (F)(0x1.110c5ep-3f));
  p = fma(p, z, (F)(-0x1.555548p-2f));
  p = fma(p * z, a, a);
  F b = SEL(a, (F)(10.0f), a > 10.0f);
  F y = 1.0f - 2.0f / (vm_exp_core(b + b, (F)(0.0f), (I)(0)) + 1.0f);
  return copysign(SEL(y, p, a < 0.56f), x);
}

static F vm_tanh_f64(F x) {
  F a = fabs(x), z = a * a;
  F p = (F)(0x1.a27bede744d79p-15);
  p = fma(p, z, (F)(-0x1.b592f221c7d38p-13));
  p = fma(p, z, (F)(0x1.2f19f3e503275p-11));
  p = fma(p, z, (F)(-0x1.7cdc8fee24355p-10));
  p = fma(p, z, (F)(0x1.d6c3c100764c8p-9));
  p = fma(p, z, (F)(-0x1.226dca5efb23bp-7));
  p = fma(p, z, (F)(0x1.664f450cc40a2p-6));
  p = fma(p, z, (F)(-0x1.ba1ba1a996785p-5));
  p = fma(p, z, (F)(0x1.11111110fd7f5p-3));
  p = fma(p, z, (F)(-0x1.5555555555454p-2));
  p = fma(p * z, a, a);
  F b = SEL(a, (F)(20.0), a > 20.0);
  F y = 1.0 - 2.0 / (vm_exp_core(b + b, (F)(0.0), (I)(0)) + 1.0);
  return copysign(SEL(y, p, a < 0.56), x);
}

static F vm_sinh_f32(F x) {
  F a = fabs(x), z = a * a;
  F p = (F)(0x1.756c1ep-19f);
  p = fma(p, z, (F)(0x1.a022bcp-13f));
  p = fma(p, z, (F)(0x1.1110ep-7f));
  p = fma(p, z, (F)(0x1.555556p-3f));
  p = fma(p * z, a, a);
  F e = vm_exp_core(SEL(a, (F)(90.0f), a > 90.0f), (F)(0.0f), (I)(-1));
  return copysign(SEL(e - 0.25f / e, p, a < 1.0f), x);
}

static F vm_sinh_f64(F x) {
  F a = fabs(x), z = a * a;
  F p = (F)(0x1.b5c8a5b7f1524p-41);
  p = fma(p, z, (F)(0x1.6116f47f68c8dp-33));
  p = fma(p, z, (F)(0x1.ae646ff53eec8p-26));
  p = fma(p, z, (F)(0x1.71de3a3b069cap-19));
  p = fma(p, z, (F)(0x1.a01a01a03726ap-13));
  p = fma(p, z, (F)(0x1.111111111101ep-7));
  p = fma(p, z, (F)(0x1.5555555555556p-3));
  p = fma(p * z, a, a);
  F e = vm_exp_core(SEL(a, (F)(711.0), a > 711.0), (F)(0.0), (I)(-1));
  return copysign(SEL(e - 0.25 / e, p, a < 1.0), x);
}

static F vm_cosh_f32(F x) {
  F a = fabs(x);
  F e = vm_exp_core(SEL(a, (F)(90.0f), a > 90.0f), (F)(0.0f), (I)(-1));
  return e + 0.25f / e;
}

static F vm_cosh_f64(F x) {
  F a = fabs(x);
  F e = vm_exp_core(SEL(a, (F)(711.0), a > 711.0), (F)(0.0), (I)(-1));
  return e + 0.25 / e;
}

static F vm_asinh(F x) {
  F a = fabs(x), z = SEL(a, (F)(0.0f), a > 0x1p28f);
  F t = a + z * z / (1.0f + sqrt(fma(z, z, (F)(1.0f))));
  return copysign(vm_log1p_or_log2x(t, a), x);
}

// log(1 + t), or log(2 a) where a > 2^28.
static F vm_log1p_or_log2x(F t, F a) {
  F u = 1.0f + t, b = u - 1.0f, c = (1.0f - (u - b)) + (t - b);
  I big = a > 0x1p28f;
  F r = vm_log_sum(SEL(u, a, big), SEL(c, (F)(0.0f), big), SEL((F)(0.0f), (F)(1.0f), big));
  return SEL(r, t, t == 0.0f);
}

static F vm_acosh(F x) {
  F t = SEL(x, (F)(2.0f), x > 0x1p28f) - 1.0f;
  F r = vm_log1p_or_log2x(t + sqrt(t * (t + 2.0f)), x);
  return SEL(r, (F)(NAN), x < 1.0f);
}

static F vm_atanh(F x) {
  F a = fabs(x);
  return copysign(0.5f * vm_log1p(2.0f * a / (1.0f - a)), x);
}
