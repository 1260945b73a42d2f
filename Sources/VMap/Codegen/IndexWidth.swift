/// The integers that offsets are computed in: each kernel exists once for each, and the largest
/// offset of a call decides.
enum IndexWidth: String, Hashable, Sendable, CaseIterable {
  case int32 = "int"
  case int64 = "long"

  /// What kernel names end in.
  var suffix: String { self == .int32 ? "i" : "l" }
}
