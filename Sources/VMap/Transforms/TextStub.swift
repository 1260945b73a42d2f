extension Program {
  var text: String { "\(body) \(types) \(axes)" }
  var batchedText: String { text }
}
