import Kernels

/// The functions that a program's kernels call: loads and stores of lanes, and the math library's.
///
/// Each is written once, and only if a kernel needs it: what is not there costs no compile time.
struct MemoryHelpers {
  enum Kind: Hashable {
    /// Lanes next to one another; the last ones may lie beyond the end.
    case load, store
    /// The parts of complex numbers next to one another, from a vector of each part.
    case storePairs
    /// Lanes a fixed distance apart.
    case loadStrided(IndexWidth), storeStrided(IndexWidth)
    /// The same out of line, where a kernel does it for the last iterations of a loop.
    case loadSomeStrided(IndexWidth), storeSomeStrided(IndexWidth)
    /// As many lanes of as many rows, which lie a fixed distance apart.
    case loadRows(IndexWidth, fetchesAhead: Bool), storeRows(IndexWidth)
    /// Lanes next to one another in an array of the work-item's own.
    case storePrivate
    /// Lanes a small distance apart that is known: a block of vectors is loaded and taken apart.
    case loadBlock(distance: Int)
    /// So many of them, each beginning one element after the other, from the same block.
    case loadBlocks(distance: Int, count: Int)
    /// What both do for the last lanes.
    case loadBlockTail(distance: Int)
    /// Lanes at an index each.
    case gather(IndexWidth), scatter(IndexWidth)
    /// Those lanes alone for which a mask holds.
    case scatterMasked(IndexWidth)
  }

  private struct Use: Hashable {
    let kind: Kind
    let type: VectorType
  }

  private var uses: Set<Use> = []
  private var texts: [String] = []
  private var library: [KernelLibrary.Use] = []

  /// Whether some kernel computes in `double`.
  var usesDouble = false

  mutating func use(function name: String, _ type: VectorType) {
    let math: MathType = type.element == .float64 ? .f64 : .f32
    if !library.contains(where: { $0 == (name, math, type.width) }) {
      library.append((name, math, type.width))
    }
  }

  /// The name of a helper, which is then part of the program.
  mutating func name(_ kind: Kind, _ type: VectorType) -> String {
    let name = MemoryHelpers.name(kind, type)
    switch kind {
    case .loadBlock(let distance), .loadBlocks(let distance, _):
      _ = self.name(.loadBlockTail(distance: distance), type)
    case .loadSomeStrided(let index): _ = self.name(.loadStrided(index), type)
    case .storeSomeStrided(let index): _ = self.name(.storeStrided(index), type)
    default: break
    }
    if uses.insert(Use(kind: kind, type: type)).inserted {
      texts.append(MemoryHelpers.text(kind, type, name))
    }
    return name
  }

  /// The text of all helpers.
  func source() throws(VMapError) -> String {
    // The library's text begins with the same pragma.
    var source = library.isEmpty ? "#pragma OPENCL FP_CONTRACT OFF\n" : ""
    if usesDouble { source += "#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n" }
    do {
      source += try KernelLibrary.source(functions: library)
    } catch {
      throw VMapError(.internalInconsistency, "the kernel library: \(error)")
    }
    return source + texts.joined()
  }

  static func name(_ kind: Kind, _ type: VectorType) -> String {
    let suffix = "\(type.element.rawValue)x\(type.width)"
    return switch kind {
    case .load: "vm_load_\(suffix)"
    case .store: "vm_store_\(suffix)"
    case .storePairs: "vm_storep_\(suffix)"
    case .loadStrided(let index): "vm_loads_\(suffix)\(index.suffix)"
    case .storeStrided(let index): "vm_stores_\(suffix)\(index.suffix)"
    case .loadSomeStrided(let index): "vm_loads_\(suffix)\(index.suffix)_some"
    case .storeSomeStrided(let index): "vm_stores_\(suffix)\(index.suffix)_some"
    case .loadRows(let index, let fetchesAhead):
      "vm_loadr\(fetchesAhead ? "p" : "")_\(suffix)\(index.suffix)"
    case .storePrivate: "vm_storea_\(suffix)"
    case .storeRows(let index): "vm_storer_\(suffix)\(index.suffix)"
    case .loadBlock(let distance): "vm_loads\(distance)_\(suffix)"
    case .loadBlocks(let distance, let count): "vm_loads\(distance)x\(count)_\(suffix)"
    case .loadBlockTail(let distance): "vm_loads\(distance)_\(suffix)_tail"
    case .gather(let index): "vm_gather_\(suffix)\(index.suffix)"
    case .scatter(let index): "vm_scatter_\(suffix)\(index.suffix)"
    case .scatterMasked(let index): "vm_scatterm_\(suffix)\(index.suffix)"
    }
  }

  private static func text(_ kind: Kind, _ type: VectorType, _ name: String) -> String {
    switch kind {
    case .load: loadText(type, name)
    case .store: storeText(type, name)
    case .storePairs: pairStore(type, name)
    case .loadStrided(let index): loadStridedText(type, name, index)
    case .storeStrided(let index): storeStridedText(type, name, index)
    case .loadSomeStrided(let index): loadSomeStridedText(type, name, index)
    case .storeSomeStrided(let index): storeSomeStridedText(type, name, index)
    case .loadRows(let index, let fetchesAhead):
      rowLoadText(type, name, index, fetchesAhead: fetchesAhead)
    case .storeRows(let index): rowStoreText(type, name, index)
    case .storePrivate: privateStoreText(type, name)
    case .loadBlock(let distance): blockText(type, name, distance)
    case .loadBlocks(let distance, let count): blocksText(type, name, distance, count)
    case .loadBlockTail(let distance): tailText(type, name, distance)
    case .gather(let index): gatherText(type, name, index)
    case .scatter(let index): scatterText(type, name, index)
    case .scatterMasked(let index): scatterText(type, name, index, isMasked: true)
    }
  }

  /// The vector type of what lies in memory.
  static func storedVector(_ type: VectorType) -> String { "\(type.storageName)\(type.suffix)" }

  /// What was loaded as a value of the type.
  static func result(_ type: VectorType, _ loaded: String) -> String {
    type.element == .bool ? "(convert_int\(type.width)(\(loaded)) != 0)" : type.decoded(loaded)
  }

  /// A value as what is stored.
  static func stored(_ type: VectorType, _ value: String) -> String {
    type.element == .bool
      ? "convert_\(storedVector(type))(\(value) & 1)" : type.encoded(value)
  }
}

extension VectorType {
  /// The selector of one lane, `s0` to `sf`.
  static func component(_ lane: Int) -> String { "s" + String(lane, radix: 16) }

  /// The lane numbers, as a vector of an integer type.
  static func laneNumbers(_ scalar: String, _ width: Int) -> String {
    "(\(scalar)\(width))(\((0..<width).map(String.init).joined(separator: ", ")))"
  }
}
