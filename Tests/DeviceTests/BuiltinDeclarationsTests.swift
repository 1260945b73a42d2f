import Testing

@testable import Device

/// What is declared in the place of Clang's header.
@Suite struct BuiltinDeclarationsTests {
  static let names =
    BuiltinDeclarations.plainNames
    + ["vload2", "vload16", "vstore4", "vstore16", "convert_int", "convert_double8"]
    + ["convert_uchar16", "convert_ulong4", "convert_float2", "convert_int_sat_rtz"]
    + ["convert_ushort8_sat_rtz", "convert_long16_sat"]

  /// After the header it declares nothing else: functions of one name differ in their arguments.
  @Test func theHeaderSaysTheSame() throws {
    let context = try makeContext()
    let used = BuiltinDeclarations.text(for: Self.names.joined(separator: " ") + " double")
    for name in Self.names { #expect(used.contains(" \(name)("), "\(name)") }
    // A name that is not known makes it read the header.
    let program = try context.makeProgram(
      source: """
        \(used)
        kernel void use(global float2 *x, global const int *n) {
          x[0].x = dot(x[0], x[1]) + vload2(0, (global float *)x).x + fma(x[0], x[1], x[2]).x;
          x[1] = convert_float2(convert_int2(x[0])) + select(x[0], x[1], (int2)(n[0], n[1]));
        }
        """)
    #expect(program.kernelNames == ["use"])
    if CPU.isPoCL { #expect(context.counters.headersRead == 1) }
  }

  /// What is not declared is a call of a function that there is not.
  @Test(.enabled(if: CPU.isPoCL, "other compilers read no such header"))
  func onlyWhatIsNotKnownIsLookedUp() throws {
    let context = try makeContext()
    _ = try context.makeProgram(source: testSource)
    #expect(context.counters.headersRead == 0)
    _ = try context.makeProgram(
      source: "kernel void f(global float4 *x) { x[0].x = dot(x[0], x[1]); }")
    #expect(context.counters.headersRead == 1)
    #expect(context.counters.programsBuilt == 2)
  }
}
