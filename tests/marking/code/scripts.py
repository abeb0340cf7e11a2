"""The same two-two-two pass as students write it, in several styles, with places where a slip can be planted."""

PLAIN = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

x = np.array([0.05, 0.10])
y = np.array([0.01, 0.99])
W1 = np.array([[0.15, 0.20], [0.25, 0.30]])
b1 = np.array([0.35, 0.35])
W2 = np.array([[0.40, 0.45], [0.50, 0.55]])
b2 = np.array([0.60, 0.60])
for i in range(30):
    z1 = W1 @ x + b1
    a1 = sigmoid(z1)
    z2 = W2 @ a1 + b2
    a2 = sigmoid(z2)
    cost = 0.5 * np.sum((y - a2)**2)
    delta2 = (a2 - y) * a2 * (1 - a2)
    dW2 = np.outer(delta2, a1)
    delta1 = (W2.T @ delta2) * a1 * (1 - a1)
    dW1 = np.outer(delta1, x)
    W2 = W2 - 0.5 * dW2
    W1 -= 0.5 * dW1
"""

ROWS_DOWNHILL = """
import numpy as np

class Net:
    def __init__(self):
        self.weights1 = np.array([[0.15, 0.20], [0.25, 0.30]]).T
        self.weights2 = np.array([[0.40, 0.45], [0.50, 0.55]]).T

    def sigmoid(self, z):
        return 1 / (1 + np.exp(-z))

    def forward(self, X):
        self.hidden = self.sigmoid(X @ self.weights1 + 0.35)
        self.out = self.sigmoid(self.hidden @ self.weights2 + 0.6)

    def backward(self, X, y):
        error = y - self.out
        out_delta = error * self.out * (1 - self.out)
        hidden_error = out_delta @ self.weights2.T
        hidden_delta = hidden_error * self.hidden * (1 - self.hidden)
        self.weights2 += 0.5 * self.hidden.T @ out_delta
        self.weights1 += 0.5 * X.T @ hidden_delta

X, y = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
net = Net()
for epoch in range(20):
    net.forward(X)
    net.backward(X, y)
"""

LISTS = """
import numpy as np

def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))

def backprop(weights, biases, x, y):
    grads = [None, None]
    activations, zs = [x], []
    for w, b in zip(weights, biases):
        zs.append(np.dot(w, activations[-1]) + b)
        activations.append(sigmoid(zs[-1]))
    delta = (activations[-1] - y) * sigmoid(zs[-1]) * (1 - sigmoid(zs[-1]))
    grads[-1] = np.dot(delta, activations[-2].T)
    delta = np.dot(weights[-1].T, delta) * sigmoid(zs[-2]) * (1 - sigmoid(zs[-2]))
    grads[-2] = np.dot(delta, x.T)
    return grads

weights = [np.array([[0.15, 0.20], [0.25, 0.30]]), np.array([[0.40, 0.45], [0.50, 0.55]])]
biases = [np.array([[0.35], [0.35]]), np.array([[0.6], [0.6]])]
grads = backprop(weights, biases, np.array([[0.05], [0.10]]), np.array([[0.01], [0.99]]))
"""

SCALARS = """
import numpy as np
from math import exp

def sig(x):
    return 1 / (1 + exp(-x))

i1, i2 = 0.05, 0.10
w1, w2, w3, w4, w5, w6, w7, w8 = 0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55
h1 = sig(w1*i1 + w2*i2 + 0.35)
h2 = sig(w3*i1 + w4*i2 + 0.35)
o1 = sig(w5*h1 + w6*h2 + 0.6)
o2 = sig(w7*h1 + w8*h2 + 0.6)
d1 = (o1 - 0.01) * o1 * (1 - o1)
d2 = (o2 - 0.99) * o2 * (1 - o2)
dh1 = (d1*w5 + d2*w7) * h1 * (1 - h1)
w5 = w5 - 0.5 * d1 * h1
w1 = w1 - 0.5 * dh1 * i1
"""

STYLES = {"plain": PLAIN, "rows, downhill": ROWS_DOWNHILL, "lists": LISTS, "scalars": SCALARS}

SLIPS = [
    ("plain", " * a1 * (1 - a1)", "", "missing_activation_derivative", "delta[1]"),
    ("plain", "* a1 * (1 - a1)", "* z1 * (1 - z1)", "activation_derivative_of_z_not_a", "delta[1]"),
    ("plain", "(W2.T @", "(W2 @", "transposed_weights", "delta[1]"),
    ("plain", "W2 @ a1 + b2", "W2 @ a1", "missing_bias", "z[2]"),
    ("plain", "= (a2 - y)", "= 2 * (a2 - y)", "factor", "delta[2]"),
    ("plain", "= (a2 - y)", "= (y - a2)", "sign", "delta[2]"),
    ("plain", "W1 -= 0.5 *", "W1 += 0.5 *", "plus_instead_of_minus", "W+[1]"),
    ("plain", "W1 -= 0.5 *", "W1 -=", "learning_rate", "W+[1]"),
    ("plain", "0.25, 0.30", "0.52, 0.30", "digit", "W[1]"),
    ("plain", "dW2 = np.outer(delta2, a1)", "dW2 = np.outer(delta2, a1)\n    W2 = W2 - 0.5 * dW2",
     "updated_weight_used", "delta[1]"),
    ("rows, downhill", "hidden_error * self.hidden * (1 - self.hidden)", "hidden_error",
     "missing_activation_derivative", "delta[1]"),
    ("lists", "weights[-1].T, delta", "weights[-1], delta", "transposed_weights", "delta[1]"),
    ("lists", "grads[-2] = np.dot(delta, x.T)", "grads[-2] = -np.dot(delta, x.T)", "sign", "dC/dW[1]"),
    ("scalars", "(d1*w5 + d2*w7)", "(d1*w5)", "missing_path", "delta[1][1]"),
]  # fmt: skip
