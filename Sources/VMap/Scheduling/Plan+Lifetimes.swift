extension Plan {
  /// For each step, the values that it is the last to need.
  func lastUses(keeping results: [ValueID]) -> [[ValueID]] {
    var later = Set(results)
    var lastUses: [[ValueID]] = []
    for step in steps.reversed() {
      lastUses.append(step.uses.subtracting(later).sorted())
      later.formUnion(step.uses)
    }
    return lastUses.reversed()
  }
}

extension Plan.Step {
  /// What its kernels read, and the memory that is theirs alone.
  fileprivate var uses: Set<ValueID> {
    switch self {
    case .kernel(let kernel):
      Set(kernel.inputs).union(kernel.scratch.values.lazy.map(\.buffer))
    case .loop(let loop):
      (loop.condition.steps + loop.body.steps).reduce(Set(loop.initial + loop.nextFromAround)) {
        $0.union($1.uses)
      }
    }
  }

  fileprivate var results: [ValueID] {
    switch self {
    case .kernel(let kernel): kernel.roots.map(\.buffer)
    case .loop(let loop): loop.results
    }
  }
}

extension Plan.HostLoop {
  /// What of the next state lies around the loop.
  fileprivate var nextFromAround: [ValueID] {
    let made = Set(bodyParameters + body.steps.flatMap(\.results))
    return next.filter { !made.contains($0) }
  }
}

/// What a run of a plan needs besides its arguments, in bytes.
struct MemoryNeed {
  /// The most that is there at once.
  private(set) var peak = 0
  /// The largest value.
  private(set) var largest = 0
  private var live = 0
  private let program: Program
  private let sizes: [Symbol: Int]

  /// - Parameter provided: Values whose memory is there already.
  init(_ plan: Plan, of program: Program, _ sizes: [Symbol: Int], provided: Set<ValueID> = []) {
    self.program = program
    self.sizes = sizes
    for (step, lastUses) in zip(plan.steps, plan.lastUses(keeping: program.body.results)) {
      switch step {
      case .kernel(let kernel): add(kernel, without: provided)
      case .loop(let loop):
        // The state of an iteration is there until that of the next one is.
        let around = loop.nextFromAround
        for value in loop.next where !around.contains(value) { add(bytes(of: value)) }
        for kernel in loop.condition.kernels + loop.body.kernels { add(kernel, without: provided) }
      }
      for value in lastUses where !provided.contains(value) && !isArgument(value) {
        live -= bytes(of: value)
      }
    }
  }

  private func isArgument(_ value: ValueID) -> Bool { program.body.parameters.contains(value) }

  private mutating func add(_ kernel: Kernel, without provided: Set<ValueID>) {
    for root in kernel.roots where !provided.contains(root.buffer) { add(bytes(of: root.buffer)) }
    guard !kernel.scratch.isEmpty else { return }
    let items = kernel.globalSize(kernel.itemCount(sizes))
    for scratch in kernel.scratch.values {
      let element = program.types[scratch.buffer].element
      add([items, scratch.count].saturatingProduct(times: element.byteCount))
    }
  }

  private mutating func add(_ byteCount: Int) {
    largest = max(largest, byteCount)
    live = live.saturatingSum(byteCount)
    peak = max(peak, live)
  }

  private func bytes(of value: ValueID) -> Int { program.byteCount(of: value, sizes) }
}

extension Program {
  /// The size of a value's buffer.
  func byteCount(of value: ValueID, _ sizes: [Symbol: Int]) -> Int {
    storedExtents(of: value).map { $0.value(sizes) }
      .saturatingProduct(times: types[value].element.byteCount)
  }
}
