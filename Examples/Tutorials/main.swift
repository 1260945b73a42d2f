// Five short stories about vmap, each the subject of a well-known tutorial. They check what they print.

import Foundation

var failures = 0
failures += try whatAxesDo()
failures += try neuronLayer()
failures += try dotProducts()
failures += try navigatingVmap()
failures += try axesInVmap()
print(failures == 0 ? "\nAll answers are as expected." : "\n\(failures) answers are wrong.")
exit(failures == 0 ? 0 : 1)
