/// Declarations of the built-in functions that a program calls.
///
/// A compiler that reads the declarations of all of them, 18,000 lines, takes most of its time for
/// that. What is declared here is as in Clang's `opencl-c.h`.
enum BuiltinDeclarations {
  /// The macro that keeps Clang's header from being read.
  static let options = "-D_OPENCL_H_"

  /// What a program in OpenCL C may call and this knows.
  static func text(for source: String) -> String {
    let names = BuiltinDeclarations.names(in: source).sorted()
    let hasDouble = names.contains { $0.hasPrefix("double") }
    var text = ""
    for name in names {
      for declaration in declarations(of: name) where hasDouble || !declaration.usesDouble {
        text += declaration.text
      }
    }
    // The lines of the program keep their numbers.
    return text.isEmpty ? "" : "\(text)\n#line 1\n"
  }

  /// The identifiers in a text.
  private static func names(in text: String) -> Set<String> {
    var text = text
    return text.withUTF8 { bytes in
      var names: Set<String> = []
      var start = 0
      while start < bytes.count {
        var end = start
        while end < bytes.count, bytes[end].isPartOfName { end += 1 }
        if end > start, end - start < 32 {
          names.insert(String(decoding: bytes[start..<end], as: UTF8.self))
        }
        start = end + 1
      }
      return names
    }
  }
}

extension UInt8 {
  fileprivate var isPartOfName: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

/// A built-in function for one type of its arguments.
private struct Declaration {
  let text: String
  let usesDouble: Bool

  init(_ result: String, _ name: String, _ parameters: [String], _ attributes: String = "const") {
    let types = parameters.joined(separator: ",")
    let attributes = attributes.isEmpty ? "overloadable" : "overloadable,\(attributes)"
    text = "\(result) __attribute__((\(attributes))) \(name)(\(types)); "
    usesDouble = result.hasPrefix("double") || types.contains("double")
  }
}

private let integers: [(signed: String, unsigned: String)] = [
  ("char", "uchar"), ("short", "ushort"), ("int", "uint"), ("long", "ulong"),
]
private let integerTypes = integers.flatMap { [$0.signed, $0.unsigned] }
private let floatTypes = ["float", "double"]
private let widths = ["", "2", "4", "8", "16"]

/// The functions of each form; the other ones are told by how their names begin.
private let forms: [String: Set<String>] = [
  "float": [
    "acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "ceil", "cos", "cosh", "erf", "erfc",
    "exp", "exp2", "expm1", "fabs", "floor", "lgamma", "log", "log10", "log1p", "log2", "rint",
    "round", "rsqrt", "sin", "sinh", "sqrt", "tan", "tanh", "trunc",
  ],
  "floats": ["atan2", "copysign", "fmax", "fmin", "fmod", "hypot", "nextafter", "pow"],
  "three floats": ["fma", "mad"],
  "float to truth": ["isfinite", "isinf", "isnan", "signbit"],
  "integer": ["clz", "popcount"],
  "integers": ["mul_hi", "rotate"],
  "numbers": ["max", "min"],
  "truths": ["all", "any"],
  "item": [
    "get_global_id", "get_global_size", "get_group_id", "get_local_id", "get_local_size",
    "get_num_groups",
  ],
]
private let formOfName = Dictionary(
  uniqueKeysWithValues: forms.flatMap { form, names in names.map { ($0, form) } })

extension BuiltinDeclarations {
  /// The functions whose names are not made of those of types.
  static let plainNames =
    formOfName.keys.sorted() + ["abs", "clamp", "select", "nan", "barrier", "atomic_inc"]
}

/// All forms of a function that are known here.
private func declarations(of name: String) -> [Declaration] {
  func each(_ types: [String], _ make: (_ vector: String, _ scalar: String) -> [Declaration])
    -> [Declaration]
  { types.flatMap { type in widths.flatMap { make(type + $0, type) } } }

  switch formOfName[name] {
  case "float": return each(floatTypes) { type, _ in [Declaration(type, name, [type])] }
  case "floats": return each(floatTypes) { type, _ in [Declaration(type, name, [type, type])] }
  case "three floats":
    return each(floatTypes) { type, _ in [Declaration(type, name, [type, type, type])] }
  case "float to truth":
    return each(floatTypes) { type, scalar in
      let width = type.dropFirst(scalar.count)
      let truth = width.isEmpty || scalar == "float" ? "int" : "long"
      return [Declaration(truth + width, name, [type])]
    }
  case "integer": return each(integerTypes) { type, _ in [Declaration(type, name, [type])] }
  case "integers": return each(integerTypes) { type, _ in [Declaration(type, name, [type, type])] }
  case "numbers":
    return each(integerTypes + floatTypes) { type, scalar in
      [Declaration(type, name, [type, type])]
        + (type == scalar ? [] : [Declaration(type, name, [type, scalar])])
    }
  case "truths":
    return each(integers.map(\.signed)) { type, _ in [Declaration("int", name, [type])] }
  case "item": return [Declaration("size_t", name, ["uint"])]
  default: return otherDeclarations(of: name)
  }
}

private func otherDeclarations(of name: String) -> [Declaration] {
  switch name {
  case "abs":
    return integers.flatMap { signed, unsigned in
      widths.flatMap { width in
        [signed, unsigned].map { Declaration(unsigned + width, name, [$0 + width]) }
      }
    }
  case "clamp":
    return (integerTypes + floatTypes).flatMap { type in
      widths.flatMap { width in
        let vector = type + width
        return [Declaration(vector, name, [vector, vector, vector])]
          + (width.isEmpty ? [] : [Declaration(vector, name, [vector, type, type])])
      }
    }
  case "select":
    return zip(integerTypes + floatTypes, [0, 0, 1, 1, 2, 2, 3, 3, 2, 3]).flatMap { type, size in
      widths.flatMap { width in
        [integers[size].signed, integers[size].unsigned].map {
          Declaration(type + width, name, [type + width, type + width, $0 + width])
        }
      }
    }
  case "nan":
    return widths.flatMap {
      [Declaration("float\($0)", name, ["uint\($0)"])]
        + [Declaration("double\($0)", name, ["ulong\($0)"])]
    }
  case "barrier": return [Declaration("void", name, ["cl_mem_fence_flags"], "convergent")]
  case "atomic_inc":
    return ["int", "uint"].flatMap { type in
      ["__global", "__local"].map { Declaration(type, name, ["volatile \($0) \(type)*"], "") }
    }
  default: break
  }
  if let target = name.suffix(after: "convert_") {
    // What follows the type says how numbers that do not fit are converted.
    let vector = target.prefix { $0 != "_" }
    let width = vector.drop { !$0.isNumber }
    let type = vector.dropLast(width.count)
    guard ["", "_sat", "_rtz", "_sat_rtz"].contains(target.dropFirst(vector.count)),
      widths.contains(String(width)), (integerTypes + floatTypes).contains(String(type))
    else { return [] }
    return (integerTypes + floatTypes).map { Declaration(String(vector), name, ["\($0)\(width)"]) }
  }
  let spaces = ["__constant", "__global", "__local", "__private"]
  if let width = name.suffix(after: "vload"), widths.dropFirst().contains(String(width)) {
    return (integerTypes + floatTypes).flatMap { type in
      spaces.map {
        Declaration("\(type)\(width)", name, ["size_t", "const \($0) \(type)*"], "pure")
      }
    }
  }
  if let width = name.suffix(after: "vstore"), widths.dropFirst().contains(String(width)) {
    return (integerTypes + floatTypes).flatMap { type in
      spaces.dropFirst().map {
        Declaration("void", name, ["\(type)\(width)", "size_t", "\($0) \(type)*"], "")
      }
    }
  }
  return []
}

extension String {
  fileprivate func suffix(after prefix: String) -> Substring? {
    hasPrefix(prefix) ? dropFirst(prefix.count) : nil
  }
}
