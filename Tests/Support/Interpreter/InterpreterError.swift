/// A program that the interpreter cannot make sense of.
struct InterpreterError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
