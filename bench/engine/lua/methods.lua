-- Objects with inheritance: methods found at depth 1 to 3, fields read and written.
local Shape = {} Shape.__index = Shape
function Shape.new(class, x, y) return setmetatable({ x = x, y = y, moves = 0 }, class) end
function Shape:move(dx, dy) self.x = self.x + dx self.y = self.y + dy self.moves = self.moves + 1 return self end
function Shape:area() return 0 end
local Rect = setmetatable({}, { __index = Shape }) Rect.__index = Rect
function Rect.create(x, y, w, h) local r = Shape.new(Rect, x, y) r.w = w r.h = h return r end
function Rect:area() return self.w * self.h end
local Square = setmetatable({}, { __index = Rect }) Square.__index = Square
function Square.create(x, y, s) local q = Shape.new(Square, x, y) q.w = s q.h = s return q end
return function()
  local sum = 0
  for i = 1, 20000 do
    local shapes = { Rect.create(i, i, 2, 3), Square.create(i, -i, 4), Shape.new(Shape, 1, 2) }
    for round = 1, 5 do
      for _, s in ipairs(shapes) do sum = sum + s:move(1, round):area() + s.x + s.y end
    end
  end
  return sum
end
