/// A part of the plane, drawn on a part of a picture.
public struct Frame {
  /// The numbers from left to right.
  public var x: ClosedRange<Double>
  /// The numbers from the bottom to the top.
  public var y: ClosedRange<Double>
  /// The pixels from the left that the frame covers; all rows belong to it.
  public var columns: Range<Int>

  /// A part of the plane on columns of a picture.
  public init(x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Range<Int>) {
    (self.x, self.y, self.columns) = (x, y, columns)
  }
}

extension Picture {
  /// The pixel of a point; nil outside of the frame.
  public func pixel(_ x: Double, _ y: Double, in frame: Frame) -> (x: Int, y: Int)? {
    guard frame.x ~= x, frame.y ~= y else { return nil }
    let right = (x - frame.x.lowerBound) / (frame.x.upperBound - frame.x.lowerBound)
    let down = (frame.y.upperBound - y) / (frame.y.upperBound - frame.y.lowerBound)
    return (
      frame.columns.lowerBound + Int(right * Double(frame.columns.count - 1)),
      Int(down * Double(height - 1))
    )
  }

  /// Draws the lines between points.
  public mutating func drawPath(
    _ points: some Sequence<(x: Double, y: Double)>, in frame: Frame, color: Color
  ) {
    var last: (x: Double, y: Double)?
    for point in points {
      let start = last ?? point
      for step in 0...60 {
        let part = Double(step) / 60
        let x = start.x + part * (point.x - start.x)
        let y = start.y + part * (point.y - start.y)
        if let pixel = pixel(x, y, in: frame) { self[pixel.x, pixel.y] = color }
      }
      last = point
    }
  }

  /// Draws a small cross.
  public mutating func drawCross(_ x: Double, _ y: Double, in frame: Frame, color: Color) {
    guard let pixel = pixel(x, y, in: frame) else { return }
    for offset in -1...1 {
      self[pixel.x + offset, pixel.y] = color
      self[pixel.x, pixel.y + offset] = color
    }
  }
}
