// Floating-point numbers of 16 bits, in the bits of a `float` or `double` that is one of them.
// Integer arithmetic: conversions of drivers differ in rounding, in NaNs and in small numbers.

// The number whose bits are given.
static F vm_from_f16_f32(U b) {
  U m = b & 0x7fff;
  U n = (m << 13) + (U)(0x38000000);
  U i = (m << 13) | (U)(0x7f800000);
  U s = as_U(convert_F(m) * 0x1p-24f);
  U r = SEL(SEL(n, s, m < 0x400), i, m >= 0x7c00);
  return as_F(r | (b & 0x8000) << 16);
}

// The bits of a number that has been rounded.
static U vm_bits_f16_f32(F x) {
  U a = as_U(x) & 0x7fffffff;
  U n = (a >> 13) - (U)(0x1c000);
  U i = (U)(0x7c00) | ((a >> 13) & 0x3ff);
  U s = as_U(as_F(a) + 0.5f) - (U)(0x3f000000);
  U r = SEL(SEL(n, s, a < 0x38800000), i, a >= 0x7f800000);
  return r | (as_U(x) >> 16 & 0x8000);
}

// Below 2^-14 the last place is 2^-24, which is that of 0.5f.
static F vm_round_f16_f32(F x) {
  U a = as_U(x) & 0x7fffffff;
  U n = (a + 0xfff + (a >> 13 & 1)) & (U)(0xffffe000);
  U s = as_U((as_F(a) + 0.5f) - 0.5f);
  U i = SEL((U)(0x7f800000), a | 0x400000, a > 0x7f800000) & (U)(0xffffe000);
  U r = SEL(SEL(n, s, a < 0x38800000), i, a >= 0x477ff000);
  return as_F(r | (as_U(x) & (U)(0x80000000)));
}

static F vm_round_f16_f64(F x) {
  U a = as_U(x) & (U)(0x7fffffffffffffff);
  U n = (a + 0x1ffffffffff + (a >> 42 & 1)) & (U)(0xfffffc0000000000);
  U s = as_U((as_F(a) + 0x1p28) - 0x1p28);
  U i = SEL((U)(0x7ff0000000000000), a | 0x8000000000000, a > 0x7ff0000000000000);
  i &= (U)(0xfffffc0000000000);
  U r = SEL(SEL(n, s, a < 0x3f10000000000000), i, a >= 0x40effe0000000000);
  return as_F(r | (as_U(x) & (U)(0x8000000000000000)));
}

static F vm_from_bf16_f32(U b) { return as_F(b << 16); }

static U vm_bits_bf16_f32(F x) { return as_U(x) >> 16; }

static F vm_round_bf16_f32(F x) {
  U a = as_U(x);
  U n = a + 0x7fff + (a >> 16 & 1);
  return as_F(SEL(n, a | 0x400000, (a & 0x7fffffff) > 0x7f800000) & (U)(0xffff0000));
}

// From 2^128 on infinite; below 2^-126 the last place is 2^-133, which is that of 2^-81.
static F vm_round_bf16_f64(F x) {
  U a = as_U(x) & (U)(0x7fffffffffffffff);
  U n = (a + 0xfffffffffff + (a >> 45 & 1)) & (U)(0xffffe00000000000);
  U s = as_U((as_F(a) + 0x1p-81) - 0x1p-81);
  U i = SEL((U)(0x7ff0000000000000), a | 0x8000000000000, a > 0x7ff0000000000000);
  i &= (U)(0xffffe00000000000);
  U r = SEL(SEL(n, s, a < 0x3810000000000000), i, a >= 0x47eff00000000000);
  return as_F(r | (as_U(x) & (U)(0x8000000000000000)));
}
