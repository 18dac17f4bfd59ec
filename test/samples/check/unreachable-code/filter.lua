local function a(x)
  if x then return 1 else error("no") end
  print("never")
end
local function b()
  while true do
    if a() then break end
  end
  print("reached")
  while true do a() end
  print("never")
end
local function c(x)
  do return x end
  local y = x
  return y
end
local function d(x)
  error("always")
  return x
end
local function e(x)
  goto done
  ::done::
  print(x)
  repeat return 1 until x
  print("never")
end
local function f(x)
  for i = 1, x do
    if i > 2 then break else goto continue end
    print("never")
    ::continue::
  end
  os.exit(1)
  print("never")
end

function nauthilus_call_filter()
  print(a, b, c, d, e, f)
  return nauthilus_builtin.FILTER_ACCEPT, nauthilus_builtin.FILTER_RESULT_OK
end
