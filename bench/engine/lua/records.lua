-- Records: constructors with names, fields read and written, optional fields, lists of records, nested ones.
local function account(id) return { id = id, user = { name = "u" .. id % 10, age = id % 80 }, balance = id * 3, active = id % 3 ~= 0 } end
return function()
  local accounts = {}
  for i = 1, 2000 do accounts[i] = account(i) end
  local sum = 0
  for round = 1, 40 do
    for i = 1, #accounts do
      local a = accounts[i]
      if a.active then a.balance = a.balance + a.user.age % 7 else a.flagged = (a.flagged or 0) + 1 end
      if a.flagged and a.flagged > 3 and not a.closed then a.closed = round end
      sum = sum + a.balance % 10 + (a.closed or 0)
    end
  end
  return sum
end
