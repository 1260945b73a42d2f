/// A number with its noun, as errors say it: `1 argument`, `2 arguments`.
///
/// - Parameter plural: The noun for other numbers than one, where an s does not make it.
package func quantity(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
  "\(count) \(count == 1 ? singular : plural ?? singular + "s")"
}
