local Object = {}
Object.__index = Object

function Object:initialise() end

function Object:subclass()
  local class = {}
  for key, value in pairs(self) do
    if key:sub(1, 2) == "__" then class[key] = value end
  end
  class.__index = class
  return setmetatable(class, self)
end

function Object:include(mixin)
  for key in pairs(mixin) do self[key] = mixin[key] end
end

function Object:__call(...)
  local object = setmetatable({}, self)
  object:initialise(...)
  return object
end

return Object
