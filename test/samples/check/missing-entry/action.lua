-- defined by a module
require("shared")
