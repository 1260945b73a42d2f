import Glibc

/// One of the processes that a launcher, such as `mpirun` or `srun`, started together.
package struct LaunchedProcess: Sendable, Hashable {
  /// Its number, and how many there are.
  package let rank: Int
  package let count: Int
  /// What all of them have in common and nobody else has.
  package let job: String

  /// A process that was started alone.
  package init(alone job: String) {
    (rank, count, self.job) = (0, 1, job)
  }

  /// This process; nil where it was started alone.
  package static var current: LaunchedProcess? {
    LaunchedProcess { name in getenv(name).map { String(cString: $0) } }
  }

  /// What the launcher says in the environment; nil where the process was started alone.
  ///
  /// Open MPI, MPICH and what follows it, and Slurm's `srun`, which counts the tasks of a step: a batch
  /// script is none.
  package init?(_ environment: (String) -> String?) {
    let names = [
      (
        "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE",
        ["PMIX_NAMESPACE", "OMPI_MCA_ess_base_jobid"]
      ),
      ("PMI_RANK", "PMI_SIZE", ["PMI_JOBID", "HYDRA_JOBID"]),
      ("SLURM_PROCID", "SLURM_STEP_NUM_TASKS", ["SLURM_JOB_ID", "SLURM_STEP_ID"]),
    ]
    for (rank, count, jobs) in names {
      guard let rank = environment(rank).flatMap({ Int($0) }),
        let count = environment(count).flatMap({ Int($0) }), count > 1, (0..<count).contains(rank)
      else { continue }
      let parts = jobs.compactMap(environment)
      self.rank = rank
      self.count = count
      let text = parts.isEmpty ? "\(getppid())" : parts.joined(separator: "-")
      job = String(text.map { $0.isLetter || $0.isNumber ? $0 : "-" })
      return
    }
    return nil
  }

  /// The examples of this process.
  func range(among examples: Int) -> Range<Int> {
    examples * rank / count..<examples * (rank + 1) / count
  }
}
