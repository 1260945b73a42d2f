// erf(x) / x - 1 for z = x * x in [0, 1].
static F vm_erf_core_f32(F z) {
  F p = (F)(0x1.496a3p-14f);
  p = fma(p, z, (F)(-0x1.a3f7p-11f));
  p = fma(p, z, (F)(0x1.5405b2p-8f));
  p = fma(p, z, (F)(-0x1.b7f90ep-6f));
  p = fma(p, z, (F)(0x1.ce2cf8p-4f));
  p = fma(p, z, (F)(-0x1.81273ep-2f));
  return fma(p, z, (F)(0x1.06eba8p-3f));
}

static F vm_erf_core_f64(F z) {
  F p = (F)(0x1.3c1b8b62eb8dp-33);
  p = fma(p, z, (F)(-0x1.c50643d2f17c9p-30));
  p = fma(p, z, (F)(0x1.132b0062610a2p-26));
  p = fma(p, z, (F)(-0x1.6392612b50e9ap-23));
  p = fma(p, z, (F)(0x1.ba693ce79293ap-20));
  p = fma(p, z, (F)(-0x1.f4dcf3ed7db2bp-17));
  p = fma(p, z, (F)(0x1.f9a3b96edc53bp-14));
  p = fma(p, z, (F)(-0x1.c02db933d7179p-11));
  p = fma(p, z, (F)(0x1.565bcd2c65e8ap-8));
  p = fma(p, z, (F)(-0x1.b82ce31354da7p-6));
  p = fma(p, z, (F)(0x1.ce2f21a0458d9p-4));
  p = fma(p, z, (F)(-0x1.812746b037a25p-2));
  return fma(p, z, (F)(0x1.06eba8214db69p-3));
}

// From 1 on, 1 - 2^p with p in [-24.6, -2.6]: what 2^p is wrong by weighs little beside 1.
static F vm_erf_f32(F x) {
  F a = SEL(fabs(x), (F)(3.95f), fabs(x) > 3.95f);
  F p = (F)(0x1.19f336p-12f);
  p = fma(p, a, (F)(-0x1.16b25ap-8f));
  p = fma(p, a, (F)(0x1.021832p-5f));
  p = fma(p, a, (F)(-0x1.30a4bp-3f));
  p = fma(p, a, (F)(-0x1.d75f3ap-1f));
  p = fma(p, a, (F)(-0x1.a0448cp0f));
  p = fma(p, a, (F)(-0x1.02563ep-11f));
  F m = p + 0x1.8p23f;
  F r = p - (m - 0x1.8p23f);
  F e = (F)(0x1.5f7696p-10f);
  e = fma(e, r, (F)(0x1.3ced92p-7f));
  e = fma(e, r, (F)(0x1.c6ae68p-5f));
  e = fma(e, r, (F)(0x1.ebf9b2p-3f));
  e = fma(e, r, (F)(0x1.62e432p-1f));
  e = fma(e, r, (F)(1.0f));
  F y = 1.0f - as_F(as_I(e) + (as_I(m) << 23));
  // A NaN takes the way that keeps it.
  return copysign(SEL(y, fma(a, vm_erf_core(a * a), a), !(a >= 1.0f)), x);
}

static F vm_erf_f64(F x) {
  F a = fabs(x);
  return copysign(SEL(1.0 - vm_erfc_tail(a), fma(a, vm_erf_core(a * a), a), a < 1.0), x);
}

// erfc(a) for a > 0.9: e^(-a^2) times a polynomial in (a - k) / (a + k), over a + k.
static F vm_erfc_tail_f32(F a) {
  a = SEL(a, (F)(10.2f), a > 10.2f);
  F h = a * a, d = a + 1.0f, v = 1.0f / d;
  v = fma(v, fma(-d, v, (F)(1.0f)) - (a - (d - 1.0f)) * v, v);
  F t = (a - 1.0f) * v;
  F p = (F)(0x1.33ba4ap-8f);
  p = fma(p, t, (F)(-0x1.36abdep-7f));
  p = fma(p, t, (F)(-0x1.e92eep-13f));
  p = fma(p, t, (F)(-0x1.098f84p-10f));
  p = fma(p, t, (F)(0x1.1e0476p-7f));
  p = fma(p, t, (F)(0x1.a4f5dp-6f));
  p = fma(p, t, (F)(0x1.c675c4p-7f));
  p = fma(p, t, (F)(-0x1.87652cp-4f));
  p = fma(p, t, (F)(-0x1.e6c53p-3f));
  p = fma(p, t, (F)(0x1.b5d878p-1f));
  return p * vm_exp_core(-h, fma(a, a, -h), (I)(0)) * v;
}

static F vm_erfc_tail_f64(F a) {
  a = SEL(a, (F)(27.3), a > 27.3);
  F h = a * a, d = a + 2.0, v = 1.0 / d;
  v = fma(v, fma(-d, v, (F)(1.0)) - (a - (d - 2.0)) * v, v);
  F t = (a - 2.0) * v;
  F p = (F)(-0x1.3edee936f433bp-22);
  p = fma(p, t, (F)(0x1.905061f98dcb7p-20));
  p = fma(p, t, (F)(-0x1.2e2ec3bad92b2p-19));
  p = fma(p, t, (F)(0x1.3af6a6b8c895bp-22));
  p = fma(p, t, (F)(0x1.d9e1a4c3627a9p-22));
  p = fma(p, t, (F)(0x1.6f639f636c6b3p-20));
  p = fma(p, t, (F)(0x1.fbd5dcf9b1466p-19));
  p = fma(p, t, (F)(-0x1.0e521926fded9p-20));
  p = fma(p, t, (F)(-0x1.0f85e89aeab23p-16));
  p = fma(p, t, (F)(-0x1.6c19f24724295p-16));
  p = fma(p, t, (F)(0x1.1e8abf167106dp-15));
  p = fma(p, t, (F)(0x1.2ef9c3d4e710bp-13));
  p = fma(p, t, (F)(0x1.205285349b2a2p-15));
  p = fma(p, t, (F)(-0x1.5ba4346ac6453p-11));
  p = fma(p, t, (F)(-0x1.b6fbf89958cf8p-11));
  p = fma(p, t, (F)(0x1.9517bb6394348p-9));
  p = fma(p, t, (F)(0x1.a89eaff7c39a9p-8));
  p = fma(p, t, (F)(-0x1.606e41552064ep-6));
  p = fma(p, t, (F)(-0x1.2a88e6107d257p-5));
  p = fma(p, t, (F)(0x1.1e2deea6b116p-2));
  p = fma(p, t, (F)(-0x1.5fd386754eff9p-1));
  p = fma(p, t, (F)(0x1.058671b52c776p0));
  return p * vm_exp_core(-h, fma(a, a, -h), (I)(0)) * v;
}

static F vm_erfc(F x) {
  F a = fabs(x), y = vm_erfc_tail(a);
  y = SEL(y, 2.0f - y, x < 0.0f);
  return SEL(y, fma(-x, vm_erf_core(x * x), 1.0f - x), a < 0.92f);
}

static F vm_erf_inv_f32(F x) {
  F w = -vm_log((1.0f - x) * (1.0f + x));
  F s = sqrt(w) - 3.0f;
  F p = (F)(0x1.8bf626p-14f);
  p = fma(p, s, (F)(-0x1.30e7e2p-12f));
  p = fma(p, s, (F)(-0x1.bafaa4p-16f));
  p = fma(p, s, (F)(0x1.7f3f9cp-10f));
  p = fma(p, s, (F)(-0x1.d98d56p-9f));
  p = fma(p, s, (F)(0x1.754628p-8f));
  p = fma(p, s, (F)(-0x1.f44ea2p-8f));
  p = fma(p, s, (F)(0x1.35785p-7f));
  p = fma(p, s, (F)(0x1.006dc2p0f));
  p = fma(p, s, (F)(0x1.6a9efcp1f));
  F q = (F)(-0x1.74dec4p-28f);
  q = fma(q, w, (F)(0x1.3d277p-23f));
  q = fma(q, w, (F)(-0x1.6083a2p-20f));
  q = fma(q, w, (F)(0x1.9b0f62p-21f));
  q = fma(q, w, (F)(0x1.c1ab84p-15f));
  q = fma(q, w, (F)(-0x1.2a62fep-13f));
  q = fma(q, w, (F)(-0x1.3031d8p-9f));
  q = fma(q, w, (F)(0x1.7a3a42p-7f));
  q = fma(q, w, (F)(0x1.db2a9ap-3f));
  q = fma(q, w, (F)(0x1.c5bf88p-1f));
  F y = x * SEL(p, q, w < 5.0f);
  return SEL(y, x * INFINITY, fabs(x) == 1.0f);
}

static F vm_erf_inv_f64(F x) {
  F w = -vm_log((1.0 - x) * (1.0 + x)), s = sqrt(w) - 3.25, t = s - 1.75;
  F p = (F)(0x1.7a3665bc5c221p-69);
  p = fma(p, w, (F)(-0x1.ade6a36f6747ep-63));
  p = fma(p, w, (F)(0x1.bc84665c933adp-58));
  p = fma(p, w, (F)(-0x1.11a9fe9dd5e4ep-53));
  p = fma(p, w, (F)(0x1.b65e769a1bd71p-50));
  p = fma(p, w, (F)(-0x1.ce0c467d01b0ap-47));
  p = fma(p, w, (F)(0x1.278fbd124c09dp-44));
  p = fma(p, w, (F)(-0x1.172a3cbf4fedp-43));
  p = fma(p, w, (F)(-0x1.8a4d005a6a4dcp-41));
  p = fma(p, w, (F)(0x1.59d175ada1768p-38));
  p = fma(p, w, (F)(-0x1.3d8736d77ff88p-37));
  p = fma(p, w, (F)(0x1.bca3f1a1a3985p-35));
  p = fma(p, w, (F)(-0x1.74f3ffa2714a8p-31));
  p = fma(p, w, (F)(0x1.1988981bfe6c3p-30));
  p = fma(p, w, (F)(0x1.81639ec024c33p-26));
  p = fma(p, w, (F)(-0x1.3d35cedc3b7cp-25));
  p = fma(p, w, (F)(-0x1.0fe16cf25b744p-20));
  p = fma(p, w, (F)(0x1.0f23a2b6fe0b2p-19));
  p = fma(p, w, (F)(0x1.87012cdcc11e4p-15));
  p = fma(p, w, (F)(-0x1.0c86b62ea7d3dp-13));
  p = fma(p, w, (F)(-0x1.32110263849ep-9));
  p = fma(p, w, (F)(0x1.7a72e72c3c8a3p-7));
  p = fma(p, w, (F)(0x1.db29fb2fee4e8p-3));
  p = fma(p, w, (F)(0x1.c5bf891b4ef6bp-1));
  F y = p;
  p = (F)(-0x1.1618e6fab822bp-26);
  p = fma(p, s, (F)(0x1.5cb73584645bep-31));
  p = fma(p, s, (F)(0x1.1fa37b10503b9p-23));
  p = fma(p, s, (F)(-0x1.232f3d88a2bd4p-22));
  p = fma(p, s, (F)(-0x1.03fb3106270a6p-25));
  p = fma(p, s, (F)(0x1.92434f008e99fp-20));
  p = fma(p, s, (F)(-0x1.0b5ded6a1220dp-18));
  p = fma(p, s, (F)(0x1.88b28c55b166p-19));
  p = fma(p, s, (F)(0x1.a23caa58bd3a3p-17));
  p = fma(p, s, (F)(-0x1.8cf0cfe3dbc41p-15));
  p = fma(p, s, (F)(0x1.1e6ae00568d27p-14));
  p = fma(p, s, (F)(0x1.932d7d3b222a1p-16));
  p = fma(p, s, (F)(-0x1.7448bdf4bfeabp-12));
  p = fma(p, s, (F)(0x1.f3cc551ab50fbp-11));
  p = fma(p, s, (F)(-0x1.ba9240d33285cp-10));
  p = fma(p, s, (F)(0x1.468eeca734483p-9));
  p = fma(p, s, (F)(-0x1.ebadabba18435p-9));
  p = fma(p, s, (F)(0x1.5ffcfe5b714bep-8));
  p = fma(p, s, (F)(0x1.0158a6d641d56p0));
  p = fma(p, s, (F)(0x1.8abcc380d5a48p1));
  y = SEL(p, y, w < 6.25);
  p = (F)(-0x1.e6f19bdd66042p-36);
  p = fma(p, t, (F)(0x1.a6736e86832b4p-35));
  p = fma(p, t, (F)(0x1.c73eb61f81097p-34));
  p = fma(p, t, (F)(-0x1.f8b32e54026cep-32));
  p = fma(p, t, (F)(0x1.579846e1cb5fap-30));
  p = fma(p, t, (F)(-0x1.d81016a39076bp-29));
  p = fma(p, t, (F)(0x1.0f2015bfb12ap-27));
  p = fma(p, t, (F)(-0x1.06a5b8fae1f4bp-26));
  p = fma(p, t, (F)(0x1.f1ce3deae4ec8p-26));
  p = fma(p, t, (F)(-0x1.22144236f31bbp-24));
  p = fma(p, t, (F)(0x1.ebeb8f9935862p-23));
  p = fma(p, t, (F)(-0x1.0a90cb7d7215fp-20));
  p = fma(p, t, (F)(0x1.2fbcefd175464p-18));
  p = fma(p, t, (F)(-0x1.4a348eebddfc8p-16));
  p = fma(p, t, (F)(0x1.3ebf4f115b8b3p-14));
  p = fma(p, t, (F)(-0x1.c2f36aa41ffbp-13));
  p = fma(p, t, (F)(-0x1.22ea5df23a9b5p-13));
  p = fma(p, t, (F)(0x1.02a30d1fba112p0));
  p = fma(p, t, (F)(0x1.3664ddd1ad7fbp2));
  y = x * SEL(y, p, w > 16.0);
  return SEL(y, x * INFINITY, fabs(x) == 1.0);
}
