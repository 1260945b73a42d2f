import StableHLO

/// How many files with each operation pass, by the type of its elements.
struct CheckTable {
  private struct Cell {
    var pass = 0
    var refused = 0
    var wrong = 0

    var text: String {
      if pass + refused + wrong == 0 { return "" }
      let failed = wrong > 0 ? ", \(wrong) wrong" : ""
      return "\(pass)/\(pass + refused + wrong)\(failed)"
    }
  }

  private var cells: [String: [String: Cell]] = [:]

  init(_ reports: [CheckReport]) {
    for report in reports {
      for operation in report.operations {
        var cell = cells[operation.name, default: [:]][operation.element, default: Cell()]
        switch report.outcome {
        case .pass: cell.pass += 1
        case .refused: cell.refused += 1
        case .wrong: cell.wrong += 1
        }
        cells[operation.name, default: [:]][operation.element] = cell
      }
    }
  }

  /// A table in Markdown: files that pass of those that have the operation.
  var text: String {
    let elements = Set(cells.values.flatMap(\.keys)).sorted { rank($0) < rank($1) }
    var rows = [["operation"] + elements]
    for (name, row) in cells.sorted(by: { $0.key < $1.key }) {
      rows.append(["`\(name)`"] + elements.map { row[$0]?.text ?? "" })
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    func line(_ row: [String]) -> String {
      let padded = zip(row, widths).map { text, width in
        text + String(repeating: " ", count: width - text.count)
      }
      return "| \(padded.joined(separator: " | ")) |"
    }
    rows.insert(widths.map { String(repeating: "-", count: $0) }, at: 1)
    return rows.map(line).joined(separator: "\n")
  }

  /// Floats, complex numbers, integers, truth values; each from small to large.
  private func rank(_ element: String) -> String {
    let order = ["bf", "f", "complex", "i1", "i", "ui"]
    let prefix = order.firstIndex { element == $0 } ?? order.firstIndex { element.hasPrefix($0) }
    let digits = element.filter(\.isNumber)
    let padding = String(repeating: "0", count: max(0, 4 - digits.count))
    return "\(prefix ?? 9)\(padding)\(digits)\(element)"
  }
}
