local Account = {}
Account.__index = Account

function Account.new(owner)
  return setmetatable({ owner = owner, balance = 0 }, Account)
end

function Account:deposit(amount)
  self.balance = self.balance + amount
  self[#self + 1] = amount
  return self.balance
end

print(Account.new("x"):deposit(10))
