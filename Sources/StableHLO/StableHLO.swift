public import FoundationEssentials
public import VMap

/// Functions that JAX, and others, exported as StableHLO text.
///
///     let predict = try StableHLO.function(contentsOf: url)
///     let results = try vmap(predict, inAxes: [nil, nil, 0])([w, b, images])
public enum StableHLO {
  /// The function of a module in a file.
  ///
  /// - Parameters:
  ///   - url: A file with a module as text, in the pretty or the generic form.
  ///   - entry: The name of the function, without `@`.
  ///   - maximumIterations: The most iterations of a loop, for an example that would never end: one
  ///     whose loop has made them stops there. The function then has one more result, a `bool[]`, which
  ///     says whether that happened. Loops in functions of elements, as of a `reduce`, are left out.
  /// - Throws: ``StableHLOError`` with the line and the column of what is wrong, or with all that is
  ///   not supported.
  public static func function(
    contentsOf url: URL, entry: String = "main", maximumIterations: Int? = nil
  ) throws(StableHLOError) -> AnyFunction {
    try function(contentsOfFile: url.path, entry: entry, maximumIterations: maximumIterations)
  }

  /// The function of a module in the file at a path.
  public static func function(
    contentsOfFile path: String, entry: String = "main", maximumIterations: Int? = nil
  ) throws(StableHLOError) -> AnyFunction {
    try located(path) { () throws(StableHLOError) in
      try function(readFile(path), entry, maximumIterations)
    }
  }

  /// The function of a module.
  public static func function(
    _ text: String, entry: String = "main", maximumIterations: Int? = nil
  ) throws(StableHLOError) -> AnyFunction {
    try function(Array(text.utf8), entry, maximumIterations)
  }

  private static func function(
    _ text: [UInt8], _ entry: String, _ maximumIterations: Int?
  ) throws(StableHLOError) -> AnyFunction {
    try LoadedModule(Parser.parse(text), entry: entry)
      .anyFunction(maximumIterations: maximumIterations)
  }

  /// The bytes of a file, whose name ``located(_:_:)`` puts before errors.
  static func readFile(_ path: String) throws(StableHLOError) -> [UInt8] {
    do { return try File.read(path, called: "the file") } catch {
      throw StableHLOError(.unreadable, error.message)
    }
  }

  /// Names the file in errors.
  static func located<R>(
    _ path: String, _ body: () throws(StableHLOError) -> R
  ) throws(StableHLOError) -> R {
    do throws(StableHLOError) { return try body() } catch {
      var error = error
      error.file = path
      throw error
    }
  }
}

extension [UInt8] {
  /// UTF-8 without the mark that some editors put in front of it.
  var withoutByteOrderMark: [UInt8] {
    starts(with: [0xef, 0xbb, 0xbf]) ? Array(dropFirst(3)) : self
  }
}
