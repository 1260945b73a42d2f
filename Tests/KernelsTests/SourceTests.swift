import Kernels
import Testing

/// Checks the text that the library writes.
@Suite struct SourceTests {
  @Test func textIsDeterministicAndDefinesEachFunctionOnce() throws {
    let uses: [KernelLibrary.Use] = [
      ("tanh", .f32, 16), ("exp", .f32, 16), ("tanh", .f32, 16), ("exp", .f64, 8), ("exp", .f32, 1),
    ]
    let text = try KernelLibrary.source(functions: uses)
    #expect(try text == KernelLibrary.source(functions: uses))
    for name in ["vm_exp_core_f32x16", "vm_exp_f32x16", "vm_exp_f64x8", "vm_exp_f32x1"] {
      let definitions = text.split(separator: "\n").filter {
        $0.hasPrefix("static ") && $0.contains(" \(name)(")
      }
      #expect(definitions.count == 1, "\(name)")
    }
  }

  @Test func helpersComeBeforeTheirUse() throws {
    for function in KernelLibrary.functions {
      for type in MathType.allCases {
        let text = try KernelLibrary.source(functions: [(function.name, type, 4)])
        var defined: Set<Substring> = []
        for line in text.split(separator: "\n") {
          let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
          for word in words where word.hasPrefix("vm_") {
            if line.hasPrefix("static ") || line.hasPrefix("__constant ") {
              defined.insert(word)
            }
            #expect(defined.contains(word), "\(word) in \(function.name)")
          }
        }
      }
    }
  }

  @Test func onlyWhatIsNeededIsWritten() throws {
    #expect(try KernelLibrary.source(functions: []).isEmpty)
    let text = try KernelLibrary.source(functions: [("exp", .f32, 16)])
    #expect(!text.contains("double"))
    #expect(!text.contains("vm_log"))
    #expect(text.contains("static float16 vm_exp_f32x16(float16 x)"))
    #expect(!text.contains("SEL("))
  }

  @Test func unknownNamesAndWidthsAreErrors() {
    #expect(throws: KernelLibraryError.unknownFunction("sinc")) {
      try KernelLibrary.source(functions: [("sinc", .f32, 16)])
    }
    #expect(throws: KernelLibraryError.unknownFunction("exp_core")) {
      try KernelLibrary.source(functions: [("exp_core", .f32, 16)])
    }
    #expect(throws: KernelLibraryError.unsupportedWidth(5)) {
      try KernelLibrary.source(functions: [("exp", .f32, 5)])
    }
    #expect(KernelLibrary.has("exp"))
    #expect(!KernelLibrary.has("sinc"))
    #expect(KernelLibrary.function(named: "pow")?.argumentCount == 2)
  }

  @Test func functionsAreInAlphabeticalOrder() {
    let names = KernelLibrary.functions.map(\.name)
    #expect(names == names.sorted())
  }
}
