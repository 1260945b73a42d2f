// The Mandelbrot set: the steps until one point escapes, mapped over rows and columns. Each point stops
// for itself, which is what most of them do early.

import ExampleSupport
import VMap

let limit = 500
var example = Example("mandelbrot", "The Mandelbrot set, written for one point")

/// How many steps of z² + c it takes until z is farther than 2 from 0.
let escape: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Int32> = { x, y in
  let (_, _, steps) = whileLoop(x, y, Tensor<Int32>(0)) { zx, zy, steps in
    let isNear = square(zx) + square(zy) .<= 4
    return isNear .&& steps .< Int32(limit)
  } do: { zx, zy, steps in
    let real = square(zx) - square(zy) + x
    let imaginary = 2 * zx * zy + y
    return (real, imaginary, steps + 1)
  }
  return steps
}

let size = (width: 480, height: 320)
let xs = Tensor<Float>.linspace(-2.2, 0.8, count: size.width)
let ys = Tensor<Float>.linspace(1, -1, count: size.height)

let row = vmap(escape, inAxes: [0, nil])
let image = vmap(row, inAxes: [nil, 0])
_ = try image(xs, ys).scalars()
let steps = try example.timed("\(size.width * size.height) points, each for itself") {
  try image(xs, ys).scalars()
}

// The same in plain Swift.
let (columns, rows) = (try xs.scalars(), try ys.scalars())
let expected = example.timed("the same in a loop") {
  rows.flatMap { y in
    columns.map { x in
      var (zx, zy, steps) = (x, y, Int32(0))
      while zx * zx + zy * zy <= 4, steps < limit {
        (zx, zy) = (zx * zx - zy * zy + x, 2 * zx * zy + y)
        steps += 1
      }
      return steps
    }
  }
}
let different = zip(steps, expected).count { $0 != $1 }
example.check("\(different) points differ from the loop", different == 0)
let inside = steps.count { $0 == limit }
// The set's area is 1.5066; the picture shows 3 × 2, with as many intervals as points less one.
let pixelArea = 3.0 / Double(size.width - 1) * 2 / Double(size.height - 1)
let area = Double(inside) * pixelArea
example.check("the area of the set is about \(rounded(area))", abs(area - 1.5066) < 0.02)

var picture = Picture(width: size.width, height: size.height)
for y in 0..<size.height {
  for x in 0..<size.width {
    let count = steps[y * size.width + x]
    let shade = (Double(count) / Double(limit)).squareRoot().squareRoot()
    picture[x, y] = count == limit ? .black : .heat(shade)
  }
}
try example.finish(picture)
