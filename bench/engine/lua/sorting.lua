-- Sorting: table.sort with and without comparison function, of numbers, strings and records; a quicksort in Lua.
local function random(seed) return function() seed = (seed * 1103515245 + 12345) % 2147483648 return seed end end
local function quicksort(t, lo, hi)
  if lo >= hi then return end
  local pivot, i, j = t[math.floor((lo + hi) / 2)], lo, hi
  while i <= j do
    while t[i] < pivot do i = i + 1 end
    while t[j] > pivot do j = j - 1 end
    if i <= j then t[i], t[j] = t[j], t[i] i = i + 1 j = j - 1 end
  end
  quicksort(t, lo, j) quicksort(t, i, hi)
end
return function()
  local next, numbers, texts, records, own = random(42), {}, {}, {}, {}
  for i = 1, 3000 do
    local r = next() % 100000
    numbers[i], own[i], records[i] = r, r, { key = r, name = "n" .. r }
    texts[i] = "k" .. r
  end
  table.sort(numbers) table.sort(texts) quicksort(own, 1, #own)
  table.sort(records, function(a, b) return a.key > b.key end)
  return numbers[10] + own[20] + records[30].key + #texts[40] + numbers[3000]
end
