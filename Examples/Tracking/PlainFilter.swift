/// The filter of one track in plain Swift, in double precision, one direction after the other.
///
/// Both directions move, and are seen, alike and independently, so that a filter of position and
/// velocity for each of them gives the same beliefs.
func plainFilter(sigma: Double, _ measurements: [Double]) -> [Double] {
  let drift = Double(jitter) * Double(jitter)
  var positions = measurements
  for direction in 0..<2 {
    var (position, velocity) = (0.0, 0.0)
    var (pp, pv, vv) = (100.0, 0.0, 100.0)
    for index in stride(from: direction, to: measurements.count, by: 2) {
      position += velocity
      (pp, pv, vv) = (pp + 2 * pv + vv + drift, pv + vv, vv + drift)
      let surprise = measurements[index] - position
      let (gain, velocityGain) = (pp / (pp + sigma * sigma), pv / (pp + sigma * sigma))
      position += gain * surprise
      velocity += velocityGain * surprise
      (pp, pv, vv) = (pp - gain * pp, pv - gain * pv, vv - velocityGain * pv)
      positions[index] = position
    }
  }
  return positions
}
