/// Writes definitions for a type and a width, dependencies first.
struct SourceWriter {
  let templates: KernelTemplates
  /// The definitions written so far.
  private(set) var text = ""
  private var written: Set<String> = []

  init(templates: KernelTemplates) {
    self.templates = templates
  }

  /// Appends a definition and what it needs, unless that has been done.
  mutating func define(_ name: String, _ type: MathType, width: Int) throws(KernelLibraryError) {
    let identifier = KernelLibrary.identifier(name, type, width: width)
    guard written.insert(identifier).inserted else { return }
    guard let tokens = templates.definition(of: name, type) else { throw .unknownFunction(name) }
    for case .function(let callee, _) in tokens {
      try define(callee, type, width: width)
    }
    for token in tokens {
      text += spelling(of: token, type, width)
    }
  }

  private func spelling(of token: CodeToken, _ type: MathType, _ width: Int) -> String {
    switch token {
    case .text(let text): text
    case .function(let name, _): KernelLibrary.identifier(name, type, width: width)
    case .word(let word): spelling(of: word, type, width)
    }
  }

  private func spelling(of word: CodeToken.Word, _ type: MathType, _ width: Int) -> String {
    let lanes = width == 1 ? "" : String(width)
    let (float, signed, unsigned) = type.names
    return switch word {
    case .float: float + lanes
    case .signed: signed + lanes
    case .unsigned: unsigned + lanes
    case .asFloat: "as_" + float + lanes
    case .asSigned: "as_" + signed + lanes
    case .asUnsigned: "as_" + unsigned + lanes
    case .convertFloat: "convert_" + float + lanes
    case .convertSigned: "convert_" + signed + lanes
    case .convertUnsigned: "convert_" + unsigned + lanes
    case .select: width == 1 ? "VM_SELECT" : "select"
    case .any: width == 1 ? "" : "any"
    }
  }
}
