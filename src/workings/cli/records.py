"""What `workings train --help` says of optimizers and schedules, by name; scripts/records.py made it of the records."""

OPTIMIZERS = (
    ("sgd", "(learning rate 0.1)"),
    ("momentum", "momentum=0.9 (learning rate 0.01)"),
    ("nesterov", "momentum=0.9 (learning rate 0.01)"),
    ("adam", "beta1=0.9,beta2=0.999,epsilon=1e-08 (learning rate 0.001)"),
    ("adam_epsilon_hat", "beta1=0.9,beta2=0.999,epsilon=1e-08 (learning rate 0.001)"),
    ("adamw", "beta1=0.9,beta2=0.999,epsilon=1e-08,weight_decay=0.01 (learning rate 0.001)"),
    ("rmsprop", "rho=0.99,epsilon=1e-08 (learning rate 0.001)"),
    ("adagrad", "epsilon=1e-10 (learning rate 0.01)"),
    ("lbfgs", "memory=10,tolerance=1e-08"),
)

SCHEDULES = (
    ("constant", "warmup=0"),
    ("step", "every=10,factor=0.5,warmup=0"),
    ("exponential", "factor=0.95,warmup=0"),
    ("cosine", "over=0,warmup=0"),
    ("inverse_scaling", "power=0.5,warmup=0"),
    ("plateau", "factor=0.5,patience=5,threshold=0.0001,warmup=0"),
)
