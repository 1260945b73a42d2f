/// What runs, as a tree: kernels in order, and loops whose condition the host reads.
struct Plan {
  indirect enum Step {
    case kernel(Kernel)
    case loop(HostLoop)
  }

  /// A loop over kernels, for bodies in which a work-item needs what others computed.
  struct HostLoop {
    let initial: [ValueID]
    let results: [ValueID]
    let conditionParameters: [ValueID]
    let condition: Plan
    let predicate: ValueID
    let bodyParameters: [ValueID]
    let body: Plan
    let next: [ValueID]
  }

  var steps: [Step] = []

  /// Every kernel, those of loops included, in order.
  var kernels: [Kernel] {
    steps.flatMap { step in
      switch step {
      case .kernel(let kernel): [kernel]
      case .loop(let loop): loop.condition.kernels + loop.body.kernels
      }
    }
  }
}
